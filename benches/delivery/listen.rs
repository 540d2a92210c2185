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
        loop {
            if let Some(request) = self.whole()? {
                return Ok(Some(request));
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

    /// The first that was read, taken from what was. Nothing, where more has to be read.
    fn whole(&mut self) -> Result<Option<Request>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(begins) = parsed.parse(&self.read)? else { return Ok(None) };
        let length = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.map_or(Ok("0"), |header| std::str::from_utf8(header.value))?.parse()?;
        let ends = begins + length;
        let Some(body) = self.read.get(begins..ends) else { return Ok(None) };
        let request = Request { path: parsed.path.unwrap_or_default().to_owned(), body: body.to_vec() };
        self.read.drain(..ends);
        Ok(Some(request))
    }
}
