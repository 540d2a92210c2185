//! What a form's choices may name: those there are of each sort, with what people read of them.

use crate::app::{App, Live};
use crate::domain::carrier::Carrier;
use crate::domain::client::GrantType;
use crate::domain::delivery::Channel;
use crate::domain::event::Kind;
use crate::domain::portal;
use crate::domain::scope::SUPPORTED;
use crate::text::{Country, Words};
use std::collections::BTreeSet;
use std::sync::Arc;

/// More than these are not listed one by one: they are typed.
const MOST: usize = 60;

/// Which there are to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Channels,
    Carriers,
    Connections,
    Clients,
    Scopes,
    Resources,
    Permissions,
    GrantTypes,
    Events,
    Languages,
    Countries,
}

impl Source {
    /// Others than those there are may be named too.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Scopes | Self::Resources)
    }
}

/// One there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What else is worth knowing of it.
    pub note: String,
    /// The channels it goes with; none: any.
    pub only: Vec<&'static str>,
}

/// What there is now, for the form of something of this kind.
pub struct Known {
    live: Arc<Live>,
    words: Arc<Words>,
    languages: Vec<String>,
    kind: String,
}

impl Known {
    /// `kind` is what the item says of itself, or nothing.
    pub fn of(app: &App, kind: &str) -> Self {
        let languages = app.texts.languages().map(|words| words.tag().to_owned()).collect();
        Self { live: app.live(), words: app.texts.pick(&["en"]).clone(), languages, kind: kind.to_owned() }
    }

    pub fn is_of(&self, kind: &str) -> bool {
        self.kind == kind
    }

    pub fn countries(&self) -> &[Country] {
        self.words.countries()
    }

    /// Those there are; nothing where they are too many to be listed.
    pub fn list(&self, source: Source) -> Option<Vec<Choice>> {
        let list = self.all(source);
        (source == Source::Countries || list.len() <= MOST).then_some(list)
    }

    fn all(&self, source: Source) -> Vec<Choice> {
        let catalog = &self.live.catalog;
        match source {
            Source::Channels => self.channels(),
            Source::Carriers => catalog.carriers.iter().map(|sealed| carrier(&sealed.carrier)).collect(),
            Source::Connections => {
                let one = |name: &String, ladder: &[Channel]| noted(name, name, &words(ladder));
                catalog.connections.iter().map(|connection| one(&connection.name, &connection.ladder)).collect()
            }
            Source::Clients => {
                let declared = catalog.clients.values().filter(|client| client.registered.is_none());
                let own = declared.filter(|client| client.id.as_str() != portal::CLIENT);
                let mut all: Vec<Choice> =
                    own.map(|client| noted(client.id.as_str(), &client.name, client.id.as_str())).collect();
                all.sort_by(|one, other| (&one.label, &one.value).cmp(&(&other.label, &other.value)));
                all
            }
            Source::Scopes => {
                let declared = catalog.scopes.iter().map(|scope| scope.name.as_str());
                let of_resources = catalog.resources.iter().flat_map(|one| &one.scopes).map(String::as_str);
                let own: BTreeSet<&str> = declared.chain(of_resources).collect();
                let own = own.into_iter().filter(|scope| !SUPPORTED.contains(scope));
                SUPPORTED.into_iter().chain(own).map(|scope| noted(scope, scope, "")).collect()
            }
            Source::Resources => catalog.resources.iter().map(|one| noted(&one.uri, &one.uri, "")).collect(),
            Source::Permissions => catalog.permissions.iter().map(|one| noted(&one.key, &one.name, &one.key)).collect(),
            Source::GrantTypes => {
                GrantType::ALL.iter().map(|one| noted(one.as_str(), grant(*one), one.as_str())).collect()
            }
            Source::Events => events(),
            Source::Languages => self.languages.iter().map(|tag| noted(tag, tag, "")).collect(),
            Source::Countries => self.countries().iter().map(|one| noted(&one.iso, &one.name, "")).collect(),
        }
    }

    /// Those that reach what the connection is about; all, where that is not said yet.
    fn channels(&self) -> Vec<Choice> {
        let fits = |channel: &Channel| match self.kind.as_str() {
            "phone" => *channel != Channel::Email,
            "email" => *channel == Channel::Email,
            "twilio_verify" => *channel != Channel::Telegram,
            _ => true,
        };
        let all = Channel::ALL.into_iter().filter(fits);
        all.map(|channel| noted(channel.as_str(), named(channel), "")).collect()
    }
}

fn noted(value: &str, label: &str, note: &str) -> Choice {
    let note = if note == label { "" } else { note };
    Choice { value: value.to_owned(), label: label.to_owned(), note: note.to_owned(), only: Vec::new() }
}

fn carrier(carrier: &Carrier) -> Choice {
    let carried: Vec<Channel> = Channel::ALL.into_iter().filter(|one| carrier.kind.carries(*one)).collect();
    Choice {
        only: carried.iter().map(|channel| channel.as_str()).collect(),
        ..noted(&carrier.name, &carrier.name, &words(&carried))
    }
}

pub fn named(channel: Channel) -> &'static str {
    match channel {
        Channel::Whatsapp => "WhatsApp",
        Channel::Telegram => "Telegram",
        Channel::Sms => "SMS",
        Channel::Voice => "Call",
        Channel::Email => "E-mail",
    }
}

fn words(channels: &[Channel]) -> String {
    channels.iter().map(|channel| named(*channel)).collect::<Vec<_>>().join(", ")
}

fn grant(grant: GrantType) -> &'static str {
    match grant {
        GrantType::AuthorizationCode => "People sign in",
        GrantType::RefreshToken => "Stay signed in",
        GrantType::ClientCredentials => "By itself, without a person",
        GrantType::DeviceCode => "On a device without a keyboard",
        GrantType::TokenExchange => "Swap a token for another",
    }
}

/// Everything, everything of each noun, and each by itself.
fn events() -> Vec<Choice> {
    let mut all = vec![noted("*", "Everything", "*")];
    let mut noun = "";
    for kind in Kind::ALL {
        let of = kind.as_str().split('.').next().unwrap_or_default();
        if of != noun && kind != Kind::Test {
            noun = of;
            all.push(noted(&format!("{of}.*"), &format!("All of {of}"), &format!("{of}.*")));
        }
        all.push(noted(kind.as_str(), kind.as_str(), ""));
    }
    all
}
