//! A browser as light as possible: cookies, redirects one at a time, and the form on a page.

use super::Failure;
use flate2::read::GzDecoder;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, COOKIE, LOCATION, ORIGIN, SET_COOKIE,
};
use reqwest::{RequestBuilder, StatusCode};
use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;
use url::Url;

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
    http: &'a reqwest::Client,
    gzip: bool,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    /// Where it sends us, made absolute.
    pub location: Option<Url>,
    pub url: Url,
    pub text: String,
    /// The body as it came over the wire.
    pub bytes: usize,
}

impl<'a> Browser<'a> {
    pub fn new(http: &'a reqwest::Client, gzip: bool) -> Self {
        Self { http, gzip, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: Url) -> Result<Answer, Failure> {
        self.send(self.http.get(url.clone()), url).await
    }

    pub async fn post(&mut self, url: Url, fields: &[(String, String)]) -> Result<Answer, Failure> {
        let request = self
            .http
            .post(url.clone())
            .header(ORIGIN, url.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        self.send(request, url).await
    }

    async fn send(&mut self, mut request: RequestBuilder, url: Url) -> Result<Answer, Failure> {
        request = request.header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, "en");
        if self.gzip {
            request = request.header(ACCEPT_ENCODING, "gzip");
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        let response = request.send().await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str()?);
        }
        let status = response.status();
        let location = response.headers().get(LOCATION).map(|location| location.to_str()).transpose()?;
        let location = location.map(|location| url.join(location)).transpose()?;
        let zipped = response.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
        let body = response.bytes().await?;
        let mut text = String::new();
        if zipped {
            GzDecoder::new(body.as_ref()).read_to_string(&mut text)?;
        } else {
            text = String::from_utf8(body.to_vec())?;
        }
        Ok(Answer { status, location, url, text, bytes: body.len() })
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
    /// Where a redirect leads; any other answer is a failure, told with what the page says.
    pub fn onward(self) -> Result<Url, Failure> {
        match self.location {
            Some(location) if self.status.is_redirection() => Ok(location),
            _ => Err(format!("{} answered {} and no redirect: {}", self.url, self.status, words(&self.text)).into()),
        }
    }

    /// The form that holds the named field: where it posts to, and its hidden fields.
    pub fn form_with(&self, field: &str) -> Result<(Url, Vec<(String, String)>), Failure> {
        let form = self
            .text
            .split("<form")
            .skip(1)
            .map(|rest| rest.split("</form").next().unwrap_or_default())
            .find(|form| tags(form).any(|tag| attribute(tag, "name").as_deref() == Some(field)))
            .ok_or_else(|| format!("{} ({}) has no form with {field}: {}", self.url, self.status, words(&self.text)))?;
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
