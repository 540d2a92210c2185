//! HTTP to carriers: one pooled client, rustls, no redirects, no proxy from the environment, private addresses refused unless
//! the carrier may stand at one, and every answer sorted into taken, refused, or not known.

use crate::domain::carrier::Carrier;
use crate::domain::delivery::{Class, Failed};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, Client, IntoUrl, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

mod endpoints;
mod others;

pub use endpoints::{RetryAfter, Told};
pub use others::Fetched;

/// The code of a message that never left.
pub const NOT_REACHED: &str = "not_reached";

/// Nobody answers a message with more.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The pooled clients: one that refuses private addresses, one for carriers that may stand at one, and one for addresses that
/// applications gave us.
#[derive(Clone)]
pub struct Web {
    guarded: Client,
    open: Client,
    others: Client,
    others_private: bool,
}

/// The client as one carrier uses it.
#[derive(Clone)]
pub struct CarrierWeb {
    client: Client,
    guarded: bool,
    base: Option<String>,
    timeout: Duration,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// Nothing was written: it can be tried elsewhere.
    NotSent(String),
    /// The line broke after the request was written.
    Unknown(String),
}

impl Web {
    pub fn new() -> Result<Self, String> {
        Self::reaching(false, None)
    }

    /// `private`: whether applications may stand at private addresses; `authorities`: whom their certificates may be signed by
    /// beside the system's, PEM.
    pub fn reaching(private: bool, authorities: Option<&[u8]>) -> Result<Self, String> {
        let made = |guarded: bool, authorities: Vec<Certificate>| {
            let mut builder = Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(5))
                .pool_idle_timeout(Duration::from_secs(60))
                .tcp_nodelay(true)
                .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
                .tls_certs_merge(authorities);
            if guarded {
                builder = builder.dns_resolver(Arc::new(PublicOnly));
            }
            builder.build().map_err(|error| error.to_string())
        };
        let authorities = match authorities.map(Certificate::from_pem_bundle).transpose() {
            Ok(authorities) => authorities.unwrap_or_default(),
            Err(error) => return Err(format!("certificates that cannot be read: {error}")),
        };
        Ok(Self {
            guarded: made(true, Vec::new())?,
            open: made(false, Vec::new())?,
            others: made(!private, authorities)?,
            others_private: private,
        })
    }

    /// Asks for a URL of our own as a carrier would, without a signature: the status that came back.
    pub async fn knock(&self, url: &str) -> Result<u16, String> {
        let request = self.open.post(url).timeout(Duration::from_secs(5));
        request.send().await.map(|response| response.status().as_u16()).map_err(|error| plain(&error))
    }

    pub fn of(&self, carrier: &Carrier) -> CarrierWeb {
        CarrierWeb {
            client: if carrier.allow_private { self.open.clone() } else { self.guarded.clone() },
            guarded: !carrier.allow_private,
            base: carrier.base_url.clone(),
            timeout: Duration::from_secs(carrier.timeout_seconds),
        }
    }
}

impl CarrierWeb {
    /// A request to the carrier; `usual` is its own host, such as `https://api.twilio.com`, unless the operator set another.
    pub fn request(&self, method: Method, usual: &str, path: &str) -> RequestBuilder {
        self.to(method, format!("{}{path}", self.base.as_deref().unwrap_or(usual)))
    }

    /// A request to a whole URL.
    pub fn to(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
        self.client.request(method, url).timeout(self.timeout)
    }

    /// Whether the operator set another host than the usual one.
    pub fn has_base(&self) -> bool {
        self.base.is_some()
    }

    pub async fn ask(&self, request: RequestBuilder) -> Result<Answer, NoAnswer> {
        let request = request.build().map_err(|error| NoAnswer::NotSent(plain(&error)))?;
        if self.guarded && names_private(request.url()) {
            return Err(NoAnswer::NotSent("a private address is refused; allow_private = true allows it".into()));
        }
        let response = self.client.execute(request).await.map_err(|error| {
            // Only a connection that never came about is sure not to have carried the message.
            if error.is_connect() || error.is_builder() {
                NoAnswer::NotSent(plain(&error))
            } else {
                NoAnswer::Unknown(plain(&error))
            }
        })?;
        let (status, retry_after) = (response.status(), retry_after(&response));
        let body = body(response, LARGEST_ANSWER).await.map_err(|what| match status {
            // Refused is refused, whatever its words were.
            status if !status.is_success() => NoAnswer::NotSent(format!("{status}: {what}")),
            _ => NoAnswer::Unknown(what),
        })?;
        Ok(Answer { status, retry_after, body })
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// What a status means where the carrier's body says nothing we know.
    pub fn failed(&self, code: impl ToString, detail: impl Into<String>) -> Failed {
        let class = match self.status.as_u16() {
            401 | 403 => Class::Misconfigured,
            408 | 425 | 429 | 500..=599 => Class::Busy,
            _ => Class::Misconfigured,
        };
        self.failed_as(class, code, detail)
    }

    /// A failure the carrier's own code has classed.
    pub fn failed_as(&self, class: Class, code: impl ToString, detail: impl Into<String>) -> Failed {
        Failed { retry_after: self.retry_after, ..Failed::new(class, code, detail) }
    }
}

impl NoAnswer {
    /// The message in question, as handed over or not.
    pub fn handed(self) -> crate::domain::delivery::Handed {
        use crate::domain::delivery::Handed;
        match self {
            Self::NotSent(what) => Handed::Failed(Failed::new(Class::Busy, NOT_REACHED, what)),
            Self::Unknown(what) => Handed::Unknown(what),
        }
    }

    pub fn text(&self) -> &str {
        let (Self::NotSent(what) | Self::Unknown(what)) = self;
        what
    }
}

/// The error without the URL, which may hold account ids and tokens; with its innermost cause.
fn plain(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (_, true) => format!("not reached: {cause}"),
        _ if std::ptr::eq(cause, error) => "the request failed".to_owned(),
        _ => cause.to_string(),
    }
}

/// Seconds, the only form carriers use (RFC 9110 §10.2.3).
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(reqwest::header::RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(text.trim().parse::<u64>().ok()?.min(600)))
}

async fn body(mut response: Response, largest: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| plain(&error))? {
        if body.len() + chunk.len() > largest {
            return Err("the answer is too large".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Resolves names to public addresses alone, so that a URL an operator was talked into cannot reach inside.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(format!("{host} stands at a private address; allow_private = true allows it").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether the host is a private address in so many digits: no resolver is asked for those.
fn names_private(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => !is_public(IpAddr::V4(address)),
        Some(url::Host::Ipv6(address)) => !is_public(IpAddr::V6(address)),
        _ => false,
    }
}

/// Not loopback, private, link-local, shared, reserved, multicast or a way around (RFC 6890, RFC 4193, RFC 4291).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4() {
        return is_public_v4(v4) && !v6.is_loopback() && !v6.is_unspecified();
    }
    let [first, second, ..] = v6.segments();
    // 6to4, Teredo and NAT64 carry IPv4 addresses inside: nobody's carrier lives there.
    let tunnels = first == 0x2002 || (first == 0x2001 && second == 0) || (first == 0x64 && second == 0xff9b);
    let documentation = first == 0x2001 && second == 0xdb8;
    let inside = (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfe80 || (first & 0xffc0) == 0xfec0;
    !(tunnels || documentation || inside || v6.is_multicast())
}

#[cfg(test)]
mod guard;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "ff02::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for public in ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "172.32.0.1", "::ffff:1.1.1.1"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }
}
