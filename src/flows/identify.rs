//! Somebody says who they are. What comes back is the same, in bytes and in time, whether or not the account exists.

use super::Fault;
use super::challenge::{self, Issued};
use super::standing::Open;
use crate::app::App;
use crate::domain::connection::{Connection, ConnectionKind};
use crate::domain::identifier::{EmailFault, Identifier};
use crate::domain::phone::{self, PhoneFault};
use std::time::Duration;

/// What was typed.
#[derive(Debug, Default)]
pub struct Typed {
    /// The name of the connection whose form was sent.
    pub method: String,
    pub phone: String,
    pub country: String,
    pub email: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    PhoneEmpty,
    PhoneImpossible,
    /// Nobody's own number (premium, toll-free, shared), or one that no channel may reach: a landline where nothing calls, a
    /// country whose rungs are closed.
    PhoneNotReached,
    CountryNotOffered,
    EmailEmpty,
    EmailInvalid,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Identified {
    /// On to the passcode page; a message is on its way, or was already.
    Asked,
    Mistyped(Mistake),
    TooMany(Duration),
}

pub async fn submit(app: &App, open: &Open, typed: &Typed, language: &str) -> Result<Identified, Fault> {
    let offered = open.offered();
    let Some(connection) = offered.iter().find(|connection| connection.name == typed.method).or(offered.first()) else {
        return Err(Fault::Broken(format!("client {} offers no connection", open.interaction.client_id)));
    };
    // Who was invited is asked, whatever was typed.
    let invited =
        open.interaction.request.login_hint.as_ref().filter(|_| open.interaction.request.invitation.is_some());
    let invited = invited.and_then(|hint| hint.identifier(connection.kind.identifier()));
    let identifier = match invited.map_or_else(|| read(connection, typed), Ok) {
        Ok(identifier) => identifier,
        Err(mistake) => return Ok(Identified::Mistyped(mistake)),
    };
    Ok(match challenge::issue(app, open, connection, identifier, language).await? {
        Issued::Sent | Issued::Already => Identified::Asked,
        Issued::TooMany(wait) => Identified::TooMany(wait),
        Issued::NoWay => Identified::Mistyped(Mistake::PhoneNotReached),
    })
}

fn read(connection: &Connection, typed: &Typed) -> Result<Identifier, Mistake> {
    match connection.kind {
        ConnectionKind::Email => Identifier::email(&typed.email).map_err(|fault| match fault {
            EmailFault::Empty => Mistake::EmailEmpty,
            EmailFault::Invalid => Mistake::EmailInvalid,
        }),
        ConnectionKind::Phone => {
            let country = Some(typed.country.as_str())
                .filter(|country| phone::is_country(country))
                .or(connection.default_country.as_deref());
            let number = phone::parse(&typed.phone, country).map_err(|fault| match fault {
                PhoneFault::Empty => Mistake::PhoneEmpty,
                PhoneFault::Impossible => Mistake::PhoneImpossible,
                PhoneFault::NotPersonal => Mistake::PhoneNotReached,
            })?;
            if !connection.offers(&number.country) {
                return Err(Mistake::CountryNotOffered);
            }
            Ok(Identifier::stored(crate::domain::identifier::Kind::Phone, number.e164))
        }
    }
}
