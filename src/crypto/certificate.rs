//! A client's certificate as a proxy passes it on (RFC 9440, or an URL-encoded PEM), its thumbprint (RFC 8705 §3.1), and whether
//! it is the one a client registered (RFC 8705 §2.1.2). That it is genuine the proxy has verified.

use crate::domain::distinguished::DistinguishedName;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

#[derive(Clone, Debug)]
pub struct Certificate(Vec<u8>);

impl Certificate {
    /// `None` for what is no certificate in either form.
    pub fn read(header: &str) -> Option<Self> {
        let header = header.trim();
        let der = match header.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
            Some(base64) => STANDARD.decode(base64).ok()?,
            None => unwrapped(header)?,
        };
        let whole = X509Certificate::from_der(&der).is_ok_and(|(rest, _)| rest.is_empty());
        whole.then_some(Self(der))
    }

    /// `x5t#S256`.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0))
    }

    /// `wanted` is a subject, or one alternative name behind `dns:`, `uri:`, `ip:` or `email:`.
    pub fn is(&self, wanted: &str) -> bool {
        let Ok((_, certificate)) = X509Certificate::from_der(&self.0) else { return false };
        let named = |what: &dyn Fn(&GeneralName<'_>) -> bool| {
            let names = certificate.subject_alternative_name().ok().flatten();
            names.is_some_and(|names| names.value.general_names.iter().any(what))
        };
        match wanted.split_once(':') {
            Some(("dns", name)) => {
                named(&|one| matches!(one, GeneralName::DNSName(dns) if dns.eq_ignore_ascii_case(name)))
            }
            Some(("uri", name)) => named(&|one| matches!(one, GeneralName::URI(uri) if *uri == name)),
            Some(("email", name)) => named(&|one| matches!(one, GeneralName::RFC822Name(email) if *email == name)),
            Some(("ip", address)) => {
                let bytes = match address.parse() {
                    Ok(IpAddr::V4(v4)) => v4.octets().to_vec(),
                    Ok(IpAddr::V6(v6)) => v6.octets().to_vec(),
                    Err(_) => return false,
                };
                named(&|one| matches!(one, GeneralName::IPAddress(ip) if *ip == bytes.as_slice()))
            }
            _ => subject(&certificate).is_some_and(|own| DistinguishedName::parse(wanted) == Some(own)),
        }
    }
}

/// The subject, the innermost part first.
fn subject(certificate: &X509Certificate<'_>) -> Option<DistinguishedName> {
    let mut parts = Vec::new();
    for part in certificate.subject().iter() {
        let attribute = |one: &x509_parser::x509::AttributeTypeAndValue<'_>| {
            Some((one.attr_type().to_id_string(), one.as_str().ok()?.to_owned()))
        };
        parts.push(part.iter().map(attribute).collect::<Option<Vec<_>>>()?);
    }
    parts.reverse();
    Some(DistinguishedName::new(parts))
}

/// As nginx's `$ssl_client_escaped_cert` and others write it.
fn unwrapped(header: &str) -> Option<Vec<u8>> {
    // Percent signs alone are undone: a plus is a plus, of base64.
    let escaped = format!("x={}", header.replace('+', "%2B"));
    let (_, pem) = url::form_urlencoded::parse(escaped.as_bytes()).next()?;
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (base64, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let base64: String = base64.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(base64).ok()
}
