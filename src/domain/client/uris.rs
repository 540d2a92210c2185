//! What addresses a client may have.

use url::Url;

/// RFC 6749 §3.1.2 and RFC 8252: absolute, no fragment; https, or http on loopback, or a native app's own scheme.
pub fn check_uri(uri: &str, native: bool) -> Result<(), &'static str> {
    let parsed = Url::parse(uri).map_err(|_| "is not an absolute URL")?;
    if uri.contains('#') {
        return Err("has a fragment");
    }
    if uri.contains('*') {
        return Err("has a wildcard: redirect URIs match exactly");
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("carries credentials");
    }
    let loopback = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err("is http; only loopback addresses may be"),
        "javascript" | "data" | "file" | "blob" | "about" | "vbscript" => Err("has a scheme that runs or reads"),
        _ if native => Ok(()),
        _ => Err("has a scheme of its own, which only native clients may use"),
    }
}

/// What we may be sent to: https, or loopback.
pub fn is_reachable(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| {
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        url.fragment().is_none() && (url.scheme() == "https" || (url.scheme() == "http" && loopback))
    })
}
