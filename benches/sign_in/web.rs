//! A browser as light as possible: cookies, redirects one at a time, and the form on a page.

#[path = "wire.rs"]
mod wire;

use super::Failure;
use flate2::read::GzDecoder;
use reqwest::StatusCode;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::time::Duration;
use url::{Position, Url, form_urlencoded};

pub use wire::Wire;

/// Connections are kept and used again; nothing is followed; loopback is plain http, so no root certificates are read.
pub fn client() -> Result<reqwest::Client, Failure> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .no_proxy()
        .tls_certs_only([])
        .build()?)
}

/// One person's browser.
pub struct Browser<'a> {
    wire: &'a Wire,
    gzip: bool,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    /// Where it sends us, made absolute.
    pub location: Option<Url>,
    pub url: Url,
    /// The body as it came over the wire.
    body: Vec<u8>,
    gzip: bool,
}

impl<'a> Browser<'a> {
    pub fn new(wire: &'a Wire, gzip: bool) -> Self {
        Self { wire, gzip, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: Url) -> Result<Answer, Failure> {
        self.send("GET", url, "", "").await
    }

    pub async fn post(&mut self, url: Url, fields: &[(String, String)]) -> Result<Answer, Failure> {
        let origin = url.origin().ascii_serialization();
        let more = format!(
            "origin: {origin}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        );
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", url, &more, &body).await
    }

    async fn send(&mut self, method: &str, url: Url, more: &str, body: &str) -> Result<Answer, Failure> {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let mut head = format!("{method} {path} HTTP/1.1\r\naccept: text/html\r\naccept-language: en\r\n{more}");
        if self.gzip {
            head.push_str("accept-encoding: gzip\r\n");
        }
        for (n, (name, value)) in self.cookies.iter().enumerate() {
            write!(head, "{}{name}={value}", if n == 0 { "cookie: " } else { "; " })?;
        }
        if !self.cookies.is_empty() {
            head.push_str("\r\n");
        }
        let response = self.wire.ask(&head, body).await?;
        for cookie in response.all("set-cookie") {
            self.keep(cookie);
        }
        let location = response.header("location").map(|location| url.join(location)).transpose()?;
        let gzip = response.header("content-encoding").is_some_and(|encoding| encoding == "gzip");
        let status = StatusCode::from_u16(response.status)?;
        Ok(Answer { status, location, url, body: response.body, gzip })
    }

    fn keep(&mut self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let over = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        if over || value.is_empty() {
            self.cookies.remove(name.trim());
        } else {
            self.cookies.insert(name.trim().to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    /// How much came over the wire.
    pub fn bytes(&self) -> usize {
        self.body.len()
    }

    pub fn text(&self) -> Result<String, Failure> {
        if !self.gzip {
            return Ok(String::from_utf8(self.body.clone())?);
        }
        let mut text = String::with_capacity(32 * 1024);
        GzDecoder::new(self.body.as_slice()).read_to_string(&mut text)?;
        Ok(text)
    }

    /// Where a redirect leads; any other answer is a failure, told with what the page says.
    pub fn onward(self) -> Result<Url, Failure> {
        match self.location {
            Some(location) if self.status.is_redirection() => Ok(location),
            _ => Err(format!("{} answered {} and no redirect: {}", self.url, self.status, words(&self.text()?)).into()),
        }
    }

    /// The form that holds the named field: where it posts to, and its hidden fields.
    pub fn form_with(&self, field: &str) -> Result<(Url, Vec<(String, String)>), Failure> {
        let text = self.text()?;
        let form = text
            .split("<form")
            .skip(1)
            .map(|rest| rest.split("</form").next().unwrap_or_default())
            .find(|form| tags(form).any(|tag| attribute(tag, "name").as_deref() == Some(field)))
            .ok_or_else(|| format!("{} ({}) has no form with {field}: {}", self.url, self.status, words(&text)))?;
        let opening = form.split('>').next().unwrap_or_default();
        let action = attribute(opening, "action").unwrap_or_default();
        let hidden = tags(form)
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect();
        Ok((self.url.join(&action)?, hidden))
    }
}

/// The opening tags inside a piece of HTML.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

/// The value of an attribute in a tag, unescaped.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|&at| tag[..at].ends_with(char::is_whitespace) && tag[at + name.len()..].trim_start().starts_with('='))?;
    let value = tag[start + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next()?,
        _ => value.split(|end: char| end.is_whitespace()).next()?,
    };
    Some(unescape(value))
}

fn unescape(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#47;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// The words of a page, for an error message.
fn words(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let text: String = body.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect();
    text.split_whitespace().take(60).collect::<Vec<_>>().join(" ")
}
