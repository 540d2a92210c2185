//! People as other installations and vendors tell them in files: what is taken over of each, what stays behind, and why.

mod account;
mod auth0;
mod firebase;
mod kinde;
mod logto;
mod plain;
mod record;
mod supabase;

pub use account::{Became, Import, Said, State};
pub use firebase::HEADINGS as FIREBASE_HEADINGS;
pub use record::{Record, heading};

use super::identifier::{Identifier, Kind};
use super::ids::SubjectId;
use super::standard::StandardClaims;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns named as in `docs/import.md`.
    Csv,
    Firebase,
    Auth0,
    Supabase,
    Kinde,
    Logto,
}

impl Format {
    pub const ALL: [Self; 6] = [Self::Csv, Self::Firebase, Self::Auth0, Self::Supabase, Self::Kinde, Self::Logto];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Firebase => "firebase",
            Self::Auth0 => "auth0",
            Self::Supabase => "supabase",
            Self::Kinde => "kinde",
            Self::Logto => "logto",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// What a record says.
    pub fn read(self, record: &Record) -> Candidate {
        match self {
            Self::Csv => plain::read(record),
            Self::Firebase => firebase::read(record),
            Self::Auth0 => auth0::read(record),
            Self::Supabase => supabase::read(record),
            Self::Kinde => kinde::read(record),
            Self::Logto => logto::read(record),
        }
    }
}

/// Somebody as a file tells them; nothing is checked yet.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    pub claimed: Vec<Claimed>,
    pub profile: StandardClaims,
    pub blocked: bool,
    pub memberships: Vec<Member>,
    /// The `sub` apps know them by, where it can be kept.
    pub sub: Option<String>,
    /// Why nobody is made of it.
    pub nobody: Option<&'static str>,
}

/// A number or address, and whether whoever wrote the file had it proven.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub kind: Kind,
    pub text: String,
    pub verified: bool,
}

/// An organization by its code or external id, and what somebody may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub organization: String,
    pub roles: Vec<String>,
    pub permissions: Vec<String>,
}

/// Somebody who can be made, and what of them stays behind.
#[derive(Clone, Debug)]
pub struct Ready {
    pub identifiers: Vec<Identifier>,
    pub profile: StandardClaims,
    pub blocked: bool,
    pub memberships: Vec<Member>,
    pub sub: Option<SubjectId>,
    pub notes: Vec<String>,
}

impl Candidate {
    fn claim(&mut self, kind: Kind, text: Option<String>, verified: bool) {
        self.claimed.extend(text.map(|text| Claimed { kind, text, verified }));
    }

    /// Who can be made of it, or why nobody.
    ///
    /// What is unproven is left out: linked to an account, it would lead whoever proves it one day into somebody else's. With
    /// `trust` one such identifier is linked where somebody has no other: then nobody else has a way into the account.
    pub fn settle(self, trust: bool) -> Result<Ready, String> {
        if let Some(why) = self.nobody {
            return Err(why.to_owned());
        }
        let (mut identifiers, mut unproven, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for Claimed { kind, text, verified } in self.claimed {
            let read = match kind {
                Kind::Phone => Identifier::phone(&text, None).ok(),
                Kind::Email => Identifier::email(&text).ok(),
            };
            match read {
                None => notes.push(format!("{} left out: it is none", named(kind))),
                Some(one) if identifiers.contains(&one) => {}
                Some(one) if verified => identifiers.push(one),
                Some(one) => unproven.push(one),
            }
        }
        unproven.retain(|one| !identifiers.contains(one));
        if identifiers.is_empty() && trust && !unproven.is_empty() {
            let one = unproven.remove(0);
            notes.push(format!("{} linked by your word: it was never verified", named(one.kind())));
            identifiers.push(one);
        }
        notes.extend(unproven.iter().map(|one| format!("{} left out: it was never verified", named(one.kind()))));
        if identifiers.is_empty() {
            notes.push("nothing to sign in with".to_owned());
            return Err(notes.join("; "));
        }
        let profile = bare(self.profile, &mut notes);
        let sub = self.sub.filter(|sub| is_sub(sub)).map(SubjectId::new);
        Ok(Ready { identifiers, profile, blocked: self.blocked, memberships: self.memberships, sub, notes })
    }
}

/// Of the form of our own.
fn is_sub(text: &str) -> bool {
    let hex = |digits: &str| digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    text.strip_prefix("kp_").is_some_and(hex)
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Phone => "phone number",
        Kind::Email => "e-mail address",
    }
}

/// As a declared person's: up to 500 characters each, and none that control.
fn bare(mut profile: StandardClaims, notes: &mut Vec<String>) -> StandardClaims {
    let claims = [
        ("name", &mut profile.name),
        ("given_name", &mut profile.given_name),
        ("family_name", &mut profile.family_name),
        ("middle_name", &mut profile.middle_name),
        ("nickname", &mut profile.nickname),
        ("preferred_username", &mut profile.preferred_username),
        ("profile", &mut profile.profile),
        ("picture", &mut profile.picture),
        ("website", &mut profile.website),
        ("gender", &mut profile.gender),
        ("birthdate", &mut profile.birthdate),
        ("zoneinfo", &mut profile.zoneinfo),
        ("locale", &mut profile.locale),
        ("provided_id", &mut profile.provided_id),
    ];
    for (name, claim) in claims {
        let unfit = |text: &String| text.chars().count() > 500 || text.chars().any(|c| c.is_control() && c != '\n');
        if claim.take_if(|text| unfit(text)).is_some() {
            notes.push(format!("{name} left out: up to 500 characters, and none that control"));
        }
    }
    profile
}

#[cfg(test)]
mod tests;
