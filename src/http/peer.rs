//! Who is at the other end of the connection.

use std::net::SocketAddr;

#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);
