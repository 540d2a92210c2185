//! Whose address a request came from, where that can be known: the connection's own, or what a proxy of ours says it is. Never
//! what a stranger says.

use super::peer::Peer;
use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::IpAddr;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Nothing where only a proxy's own address is known: that is everybody's.
pub struct Address(pub Option<String>);

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Some(peer) = parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical()) else {
            return Ok(Self(None));
        };
        let known = match &app.config.proxy_trusted {
            Some(proxies) if proxies.hold(peer) => forwarded(&parts.headers),
            Some(_) => Some(peer),
            None => Some(peer).filter(|peer| !near(peer)),
        };
        Ok(Self(known.map(of)))
    }
}

/// Proxies append: only the last entry is the one of ours.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

/// On this machine or in its own network: a proxy, as likely as not.
fn near(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.to_ipv4_mapped().is_some_and(|mapped| near(&IpAddr::V4(mapped)))
                || address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// One home, one address: the last 64 bits of an IPv6 address are chosen freely.
fn of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => address.segments().iter().take(4).map(|part| format!("{part:x}:")).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_homes() {
        let home = |text: &str| of(text.parse().expect("an address"));
        assert_eq!(home("192.0.2.7"), "192.0.2.7");
        assert_eq!(home("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(home("2001:db8:1:2:3:4:5:6"), home("2001:db8:1:2::9"));
        assert_ne!(home("2001:db8:1:2::1"), home("2001:db8:1:3::1"));
        for (text, so) in
            [("127.0.0.1", true), ("10.1.2.3", true), ("::1", true), ("fd00::1", true), ("::ffff:10.0.0.1", true)]
        {
            assert_eq!(near(&text.parse().expect("an address")), so, "{text}");
        }
        assert!(!near(&"192.0.2.7".parse().expect("an address")) && !near(&"2001:db8::1".parse().expect("an address")));
    }
}
