//! PKCE with S256 (RFC 7636). `plain` is not offered: it protects nothing the standard's attacker cannot read.

/// RFC 7636 §4.2: 43 to 128 unreserved characters.
pub fn well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}
