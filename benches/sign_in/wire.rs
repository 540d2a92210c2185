//! HTTP/1.1 on connections that are kept, as light as can be: it stands for people's own machines, and takes the processors of
//! the server that is measured.

use super::super::Failure;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Position, Url};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Headers of an answer.
const MOST_HEADERS: usize = 48;

/// The connections to one server that nobody is using.
pub struct Wire {
    /// Host and port.
    authority: String,
    idle: Mutex<Vec<TcpStream>>,
}

pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }
}

impl Wire {
    /// To the server that is at this URL.
    pub fn new(url: &Url) -> Self {
        Self { authority: url[Position::BeforeHost..Position::AfterPort].to_owned(), idle: Mutex::default() }
    }

    /// `head` is everything before the empty line, but for the host and the length of the body.
    pub async fn ask(&self, head: &str, body: &str) -> Result<Response, Failure> {
        let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        let request = format!("{head}host: {}\r\n{length}\r\n{body}", self.authority);
        tokio::time::timeout(PATIENCE, self.exchange(request.as_bytes())).await?
    }

    async fn exchange(&self, request: &[u8]) -> Result<Response, Failure> {
        let mut stream = self.connection().await?;
        stream.write_all(request).await?;
        let mut read = Vec::with_capacity(16 * 1024);
        let (mut response, length) = loop {
            if let Some(found) = head(&mut read)? {
                break found;
            }
            more(&mut stream, &mut read).await?;
        };
        while read.len() < length {
            more(&mut stream, &mut read).await?;
        }
        response.body = read;
        self.idle().push(stream);
        Ok(response)
    }

    async fn connection(&self) -> Result<TcpStream, Failure> {
        loop {
            // The one used last: the others may have been hung up on meanwhile.
            let Some(kept) = self.idle().pop() else { break };
            if kept.try_read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
                return Ok(kept);
            }
        }
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<TcpStream>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> Result<(), Failure> {
    if stream.read_buf(read).await? == 0 { Err("the server hung up".into()) } else { Ok(()) }
}

/// Status and headers, and how long the body is; they are taken from what was read. Nothing, where more has to be read.
fn head(read: &mut Vec<u8>) -> Result<Option<(Response, usize)>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(end) = parsed.parse(read)? else { return Ok(None) };
    let status = parsed.code.ok_or("an answer without a status")?;
    let owned = |header: &httparse::Header<'_>| {
        Ok::<_, Failure>((header.name.to_owned(), std::str::from_utf8(header.value)?.to_owned()))
    };
    let headers = parsed.headers.iter().map(owned).collect::<Result<Vec<_>, _>>()?;
    let response = Response { status, headers, body: Vec::new() };
    let length = response.header("content-length").ok_or("an answer that does not tell its length")?.parse()?;
    read.drain(..end);
    Ok(Some((response, length)))
}
