//! The carrier that accepts connections, reads what is sent, and never answers.

use super::Failure;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Ends when dropped.
pub struct Dead {
    pub address: String,
    connections: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Dead {
    pub async fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let connections = Arc::new(AtomicU64::new(0));
        let counted = connections.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(listen(socket));
            }
        });
        Ok(Self { address, connections, accepting })
    }

    /// How often somebody called. Who is never answered is never called again on the same line.
    pub fn called(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Until the other side gives up.
async fn listen(socket: TcpStream) {
    let mut said = [0; 4096];
    while socket.readable().await.is_ok() {
        match socket.try_read(&mut said) {
            Ok(1..) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            _ => return,
        }
    }
}

impl Drop for Dead {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
