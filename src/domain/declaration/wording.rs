//! `[[text]]`: a sentence of ours in the operator's words.

use super::{Faults, Sayable};
use crate::domain::wording::Wording;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Text)]
pub(super) struct TextDeclared {
    /// Which sentence, like `sms-passcode`.
    key: String,
    /// A language of the pages, like `pt-BR`.
    language: String,
    /// The application it is for; left out, all.
    client: Option<String>,
    /// What may be put in stands in it as `{ $code }`.
    text: String,
}

impl TextDeclared {
    pub fn of(wording: &Wording) -> Self {
        let Wording { key, language, client, text } = wording.clone();
        Self { key, language, client, text }
    }

    /// `check` knows the sentences there are; `clients` are those that are declared.
    pub(super) fn check(self, check: Sayable<'_>, clients: &[String], faults: &mut Faults<'_>) -> Option<Wording> {
        let before = faults.list.len();
        if let Err((field, what)) = check(&self.language, &self.key, &self.text) {
            faults.tell(field, what);
        }
        if self.client.as_ref().is_some_and(|client| !clients.contains(client)) {
            faults.tell("client", "no such client is declared");
        }
        let Self { key, language, client, text } = self;
        (faults.list.len() == before).then_some(Wording { key, language, client, text })
    }
}
