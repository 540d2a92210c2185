//! HTTP/1.1 as a server speaks it on a connection that is kept, as light as can be: it stands for somebody else's machine, and takes
//! the processors of the server that is measured.

use super::Failure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Headers of a request.
const MOST_HEADERS: usize = 32;

/// The server's end of one connection.
pub struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

pub struct Request {
    pub path: String,
    pub body: Vec<u8>,
}

impl Line {
    pub fn open(stream: TcpStream) -> std::io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(2 * 1024) })
    }

    /// The next request; nothing once the client has hung up.
    pub async fn next(&mut self) -> Result<Option<Request>, Failure> {
        let mut head = None;
        loop {
            if head.is_none() {
                head = self.head()?;
            }
            if let Some(Head { path, begins, length }) =
                head.take_if(|head| self.read.len() >= head.begins + head.length)
            {
                let body = self.read[begins..begins + length].to_vec();
                self.read.drain(..begins + length);
                return Ok(Some(Request { path, body }));
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        }
    }

    pub async fn answer(&mut self, status: &str, body: &str) -> Result<(), Failure> {
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}");
        Ok(self.stream.write_all(answer.as_bytes()).await?)
    }

    /// Nothing, where more has to be read.
    fn head(&self) -> Result<Option<Head>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(begins) = parsed.parse(&self.read)? else { return Ok(None) };
        let length = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length =
            length.map_or(Ok(0), |header| std::str::from_utf8(header.value)?.parse().map_err(Failure::from))?;
        Ok(Some(Head { path: parsed.path.unwrap_or_default().to_owned(), begins, length }))
    }
}

struct Head {
    path: String,
    /// Where its body does.
    begins: usize,
    length: usize,
}
