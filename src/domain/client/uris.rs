//! What addresses a client may have.

use url::Url;

/// RFC 6749 §3.1.2 and RFC 8252: absolute, no fragment; https, or http on loopback, or a native app's own scheme. It compares
/// byte for byte, so everybody has to read it the same. What is wrong says what helps.
pub fn check_uri(uri: &str, native: bool) -> Result<(), &'static str> {
    if uri.contains(char::is_whitespace) {
        return Err("has a space before, after or within: one URL a line, and nothing else in it");
    }
    if uri.chars().any(|c| c.is_control() || matches!(c, '\\' | '"' | '<' | '>')) {
        return Err("holds characters no address has");
    }
    if uri.contains('#') {
        return Err("has a fragment: leave out the # and what follows");
    }
    if uri.contains('*') {
        return Err("has a wildcard: list each URL by itself, as they are compared exactly");
    }
    let parsed = Url::parse(uri).ok().filter(|_| !is_host_and_port(uri));
    let parsed = parsed.ok_or("is not an absolute URL: begin it with https://, or with http:// on this computer")?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("carries credentials: leave out what stands before the @");
    }
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&parsed) => Ok(()),
        "http" => Err("is http: use https; only loopback addresses may do without, as http://localhost:3000/callback"),
        "javascript" | "data" | "file" | "blob" | "about" | "vbscript" => {
            Err("has a scheme that runs or reads: use https")
        }
        _ if native => Ok(()),
        _ => Err("has a scheme of its own, which only native clients may use: use https, or make it a native client"),
    }
}

/// `localhost:3000/callback` reads as a scheme and a path.
fn is_host_and_port(uri: &str) -> bool {
    let rest = uri.split_once(':').map_or("", |(_, rest)| rest);
    let port = rest.split('/').next().unwrap_or_default();
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// What we may be sent to: https, or loopback.
pub fn is_reachable(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| {
        url.fragment().is_none() && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_says_what_helps() {
        for (uri, helps) in [
            ("shop.example/cb", "begin it with https://"),
            ("/callback", "begin it with https://"),
            ("localhost:3000/cb", "begin it with https://"),
            ("shop.example:8443", "begin it with https://"),
            ("https://shop.example/cb ", "a space"),
            ("https://a.example/cb, https://b.example/cb", "one URL a line"),
            ("https://shop.example/cb\u{a0}", "a space"),
            ("https://shop.example\\cb", "characters no address has"),
            ("https://shop.example/#/cb", "leave out the #"),
            ("https://*.shop.example/cb", "each URL by itself"),
            ("https://ada@shop.example/cb", "before the @"),
            ("http://shop.example/cb", "use https"),
            ("http://localhost.shop.example/cb", "only loopback"),
            ("javascript:alert(1)", "runs or reads"),
            ("com.example.shop:/cb", "native client"),
        ] {
            let told = check_uri(uri, false).expect_err(uri);
            assert!(told.contains(helps), "{uri}: {told}");
        }
        for good in ["https://shop.example/cb?x=1", "http://localhost:3000/cb", "http://[::1]/", "http://127.0.0.1:1/"]
        {
            assert_eq!(check_uri(good, false), Ok(()), "{good}");
        }
        assert_eq!(check_uri("com.example.shop:/cb", true), Ok(()));
        assert!(check_uri("localhost:3000/cb", true).is_err());
    }
}
