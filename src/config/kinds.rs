//! The kinds of values settings have: how each is read from text, and what is said when it cannot be.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// A value that can be read from a setting's text.
pub trait Kind: Sized {
    fn allowed() -> String;
    fn read(text: &str) -> Option<Self>;
    /// What stands where nothing was given and there is no default.
    fn absent() -> Option<Self> {
        None
    }
}

/// A length of time: `90s`, `5m`, `12h`, `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl Kind for Span {
    fn allowed() -> String {
        "a length of time like 90s, 5m, 12h or 30d".into()
    }
    fn read(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        let number: u64 = number.parse().ok()?;
        (number > 0 && number < 100_000).then(|| Self(Duration::from_secs(number * seconds)))
    }
}

/// `sqlite:path` or `postgres://…`. Its `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl Kind for DatabaseUrl {
    fn allowed() -> String {
        "sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE".into()
    }
    fn read(text: &str) -> Option<Self> {
        let sqlite = text.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty() && !path.contains(":memory:"));
        let postgres =
            (text.starts_with("postgres://") || text.starts_with("postgresql://")) && Url::parse(text).is_ok();
        (sqlite || postgres).then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.split(':').next().unwrap_or_default())
    }
}

/// The issuer: scheme, host, maybe a port; no slash at the end, which relying parties would compare byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(pub String);

impl Kind for Issuer {
    fn allowed() -> String {
        "an https URL without path, query or trailing slash, like https://login.example.com".into()
    }
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let plain = url.origin().ascii_serialization() == text && matches!(url.scheme(), "https" | "http");
        plain.then(|| Self(text.to_owned()))
    }
}

impl Kind for bool {
    fn allowed() -> String {
        "true or false".into()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Kind for SocketAddr {
    fn allowed() -> String {
        "an address and port like 127.0.0.1:8080 or 0.0.0.0:8080".into()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Kind for PathBuf {
    fn allowed() -> String {
        "a path".into()
    }
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::from(text))
    }
}

impl Kind for String {
    fn allowed() -> String {
        "some text".into()
    }
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl<T: Kind> Kind for Option<T> {
    fn allowed() -> String {
        format!("{}, or off", T::allowed())
    }
    fn read(text: &str) -> Option<Self> {
        if text == "off" { Some(None) } else { T::read(text).map(Some) }
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const LEAST: u32, const MOST: u32>(pub u32);

impl<const LEAST: u32, const MOST: u32> Kind for Whole<LEAST, MOST> {
    fn allowed() -> String {
        format!("a whole number from {LEAST} to {MOST}")
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| (LEAST..=MOST).contains(number)).map(Self)
    }
}

/// Addresses, and networks of them: `10.0.0.0/8, ::1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(Vec<(IpAddr, u32)>);

impl Networks {
    pub fn hold(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|(network, length)| first_bits(*network, *length) == first_bits(address, *length))
    }
}

/// Which family, and the bits of a network's name.
fn first_bits(address: IpAddr, length: u32) -> (bool, u128) {
    match address {
        IpAddr::V4(v4) => (true, u128::from(u32::from(v4).checked_shr(32 - length.min(32)).unwrap_or(0))),
        IpAddr::V6(v6) => (false, u128::from(v6).checked_shr(128 - length.min(128)).unwrap_or(0)),
    }
}

impl Kind for Networks {
    fn allowed() -> String {
        "addresses or networks like 10.0.0.0/8, ::1".into()
    }
    fn read(text: &str) -> Option<Self> {
        let network = |one: &str| {
            let (address, length) =
                one.split_once('/').map_or((one, None), |(address, length)| (address, Some(length)));
            let address: IpAddr = address.parse().ok()?;
            let whole = if address.is_ipv4() { 32 } else { 128 };
            let length = length.map_or(Some(whole), |length| length.parse().ok())?;
            (length <= whole).then_some((address, length))
        };
        text.split(',').map(str::trim).map(network).collect::<Option<Vec<_>>>().map(Self)
    }
}

/// The name of an HTTP header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header(pub String);

impl Kind for Header {
    fn allowed() -> String {
        "the name of a header like Client-Cert".into()
    }
    fn read(text: &str) -> Option<Self> {
        let name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (name && !text.is_empty()).then(|| Self(text.to_ascii_lowercase()))
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Kind for LogFormat {
    fn allowed() -> String {
        "text or json".into()
    }
    fn read(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_what_is_theirs() {
        let networks = Networks::read("10.0.0.0/8, 192.0.2.7,fd00::/8,::1").expect("networks");
        for (address, held) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::ffff:10.0.0.1", true),
            ("fd12::1", true),
            ("fe80::1", false),
            ("::1", true),
            ("::2", false),
            ("::a00:1", false),
        ] {
            assert_eq!(networks.hold(address.parse().expect("an address")), held, "{address}");
        }
        assert!(Networks::read("0.0.0.0/0").expect("all").hold([1, 2, 3, 4].into()));
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/", "proxy", "10.0.0.1,", "::1/129", "10.0.0.0/-1"] {
            assert_eq!(Networks::read(wrong), None, "{wrong}");
        }
        assert_eq!(
            (Header::read("Client-Cert").map(|name| name.0), Header::read("a b")),
            (Some("client-cert".into()), None)
        );
    }
}
