//! A certificate's subject as people write it (RFC 4514): `CN=shop,O=Example\, Inc.,C=GB`, the innermost name first.

/// Attribute types by the names RFC 4514 §3 and certificate tools know them by.
const TYPES: [(&str, &str); 12] = [
    ("CN", "2.5.4.3"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("EMAILADDRESS", "1.2.840.113549.1.9.1"),
    ("E", "1.2.840.113549.1.9.1"),
];

/// A name's parts, the innermost first; each an unordered set of dotted types and values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Vec<(String, String)>>);

impl DistinguishedName {
    pub fn new(mut parts: Vec<Vec<(String, String)>>) -> Self {
        parts.iter_mut().for_each(|part| part.sort());
        Self(parts)
    }

    pub fn parse(text: &str) -> Option<Self> {
        let parts = split(text, ',')?;
        let attribute = |text: &str| {
            let (kind, value) = text.split_once('=')?;
            Some((dotted(kind.trim())?, unescaped(value)?))
        };
        let part = |part: &str| split(part, '+')?.into_iter().map(attribute).collect::<Option<Vec<_>>>();
        parts.into_iter().map(part).collect::<Option<Vec<_>>>().map(Self::new)
    }
}

fn dotted(kind: &str) -> Option<String> {
    if let Some((_, oid)) = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)) {
        return Some((*oid).to_owned());
    }
    let numbers = kind.contains('.') && kind.split('.').all(|number| number.parse::<u64>().is_ok());
    numbers.then(|| kind.to_owned())
}

/// At separators that nothing escapes.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(text.get(from..at)?);
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(text.get(from..)?);
    Some(parts)
}

/// RFC 4514 §2.4. Values in hexadecimal (`#04…`) are not read.
fn unescaped(value: &str) -> Option<String> {
    // Spaces around it are nobody's, but for an escaped one at its end.
    let value = value.trim_start();
    let bare = value.trim_end();
    let open = bare.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let value = if open && value.len() > bare.len() { value.get(..=bare.len())? } else { bare };
    if value.starts_with('#') || value.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                first if first.is_ascii_hexdigit() => {
                    let pair = [first, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?
                }
                escaped => escaped,
            },
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(parts: &[&[(&str, &str)]]) -> DistinguishedName {
        let part = |part: &&[(&str, &str)]| {
            part.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect()
        };
        DistinguishedName::new(parts.iter().map(part).collect())
    }

    #[test]
    fn names_are_read_as_the_standard_writes_them() {
        for (text, read) in [
            ("CN=shop", name(&[&[("2.5.4.3", "shop")]])),
            ("cn = shop , O=Ex\\, Inc.", name(&[&[("2.5.4.3", "shop")], &[("2.5.4.10", "Ex, Inc.")]])),
            (
                "OU=Sales+CN=J. Smith,DC=example",
                name(&[
                    &[("2.5.4.3", "J. Smith"), ("2.5.4.11", "Sales")],
                    &[("0.9.2342.19200300.100.1.25", "example")],
                ]),
            ),
            ("2.5.4.3=Lu\\C4\\8Di\\C4\\87", name(&[&[("2.5.4.3", "Lučić")]])),
            ("CN=a\\\\,C=GB", name(&[&[("2.5.4.3", "a\\")], &[("2.5.4.6", "GB")]])),
            ("CN=a\\ ", name(&[&[("2.5.4.3", "a ")]])),
            ("CN=a=b", name(&[&[("2.5.4.3", "a=b")]])),
        ] {
            assert_eq!(DistinguishedName::parse(text), Some(read), "{text}");
        }
        for wrong in ["", "shop", "CN=", "XX=shop", "CN=shop,", "CN=#0401", "CN=a\\", "CN=\\C4", "CN=a+"] {
            assert_eq!(DistinguishedName::parse(wrong), None, "{wrong}");
        }
        assert_ne!(DistinguishedName::parse("CN=a,O=b"), DistinguishedName::parse("O=b,CN=a"), "the order counts");
    }
}
