//! Request parameters as they came: which may repeat, how long they may be, and that an empty one is an absent one.

/// Longer values are refused whole. An `id_token_hint` is the longest honest one.
const LONGEST_VALUE: usize = 8 * 1024;
/// Nobody means more parameters than this.
const MOST: usize = 200;

#[derive(Clone, Default, Debug)]
pub struct Params(Vec<(String, String)>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamFault {
    Repeated(&'static str),
    TooLong(String),
    TooMany,
}

impl Params {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// From a query string or an `application/x-www-form-urlencoded` body.
    pub fn parse(encoded: &[u8]) -> Self {
        Self(
            url::form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        )
    }

    /// The value, where one was sent (RFC 6749 §3.1: a parameter without a value counts as omitted).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// As a query string again.
    pub fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Without what is named: credentials are nothing to keep.
    pub fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// These, and one more.
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// None of `once` may come twice (RFC 6749 §3.1), and nothing may be over-long. Parameters we do not know are ignored.
    pub fn check(&self, once: &[&'static str]) -> Result<(), ParamFault> {
        if self.0.len() > MOST {
            return Err(ParamFault::TooMany);
        }
        if let Some((name, _)) = self.0.iter().find(|(name, value)| name.len() > 256 || value.len() > LONGEST_VALUE) {
            return Err(ParamFault::TooLong(name.chars().take(40).collect()));
        }
        match once.iter().find(|name| self.0.iter().filter(|(key, _)| key == *name).count() > 1) {
            Some(name) => Err(ParamFault::Repeated(name)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_twice_is_told() {
        let params = Params::parse(b"a=&b=1&b=2&audience=x&audience=y");
        assert_eq!(params.get("a"), None);
        assert_eq!(params.all("audience").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(params.check(&["a", "b"]), Err(ParamFault::Repeated("b")));
        assert_eq!(params.check(&["a"]), Ok(()));
        let long = format!("state={}", "x".repeat(9000));
        assert_eq!(Params::parse(long.as_bytes()).check(&[]), Err(ParamFault::TooLong("state".into())));
    }
}
