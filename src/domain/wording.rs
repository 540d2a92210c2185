//! A sentence of ours in an operator's own words.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Which sentence.
    pub key: String,
    /// A language of the pages, as BCP 47 writes it.
    pub language: String,
    /// The application it is for; none: all.
    pub client: Option<String>,
    pub text: String,
}

impl Wording {
    /// What it is called: nothing of it can hold a colon.
    pub fn name(&self) -> String {
        name(&self.language, &self.key, self.client.as_deref())
    }
}

pub fn name(language: &str, key: &str, client: Option<&str>) -> String {
    match client {
        Some(client) => format!("{language}:{key}:{client}"),
        None => format!("{language}:{key}"),
    }
}
