//! `[[connection]]`: a way in, its ladder, and what is said of single rungs.

use super::{Faults, NAME, is_name};
use crate::domain::carrier::Carrier;
use crate::domain::connection::{Connection, ConnectionKind};
use crate::domain::delivery::{Channel, Choice, Override, Route, Rung, usual_ladder};
use crate::domain::ids::ConnectionId;
use crate::domain::phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Connection)]
pub(super) struct ConnectionDeclared {
    pub name: String,
    /// Apps name it: kept where the installation is made anew.
    id: Option<String>,
    kind: String,
    enabled: Option<bool>,
    default_country: Option<String>,
    #[serde(default)]
    countries: Vec<String>,
    ladder: Option<Vec<String>>,
    #[serde(default)]
    rung: Vec<RungDeclared>,
    #[serde(default, rename = "override")]
    overrides: Vec<OverrideDeclared>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rung)]
struct RungDeclared {
    channel: String,
    wait_seconds: Option<u64>,
    #[serde(default)]
    carriers: Vec<ChoiceDeclared>,
    #[serde(default)]
    route: Vec<RouteDeclared>,
    #[serde(default)]
    closed_in: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Route)]
struct RouteDeclared {
    countries: Vec<String>,
    carriers: Vec<ChoiceDeclared>,
}

/// A carrier's name, or its name with the sender and region it is to use.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Choice)]
enum ChoiceDeclared {
    Name(String),
    As { carrier: String, sender: Option<String>, region: Option<String> },
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Override)]
struct OverrideDeclared {
    #[serde(default)]
    clients: Vec<String>,
    #[serde(default)]
    countries: Vec<String>,
    ladder: Vec<String>,
}

impl ConnectionDeclared {
    /// A connection as it would be declared.
    pub fn of(connection: &Connection) -> Self {
        let overrides = connection.overrides.iter().map(|over| OverrideDeclared {
            clients: over.clients.clone(),
            countries: over.countries.clone(),
            ladder: words(&over.ladder),
        });
        Self {
            name: connection.name.clone(),
            id: Some(connection.id.as_str().to_owned()),
            kind: match connection.kind {
                ConnectionKind::Phone => "phone".into(),
                ConnectionKind::Email => "email".into(),
            },
            enabled: Some(connection.enabled),
            default_country: connection.default_country.clone(),
            countries: connection.countries.clone(),
            ladder: Some(words(&connection.ladder)),
            rung: connection.rungs.iter().map(RungDeclared::of).collect(),
            overrides: overrides.collect(),
        }
    }
}

impl RungDeclared {
    fn of(rung: &Rung) -> Self {
        let route =
            |route: &Route| RouteDeclared { countries: route.countries.clone(), carriers: chosen(&route.carriers) };
        Self {
            channel: rung.channel.as_str().to_owned(),
            wait_seconds: Some(rung.wait),
            carriers: chosen(&rung.carriers),
            route: rung.routes.iter().map(route).collect(),
            closed_in: rung.closed_in.clone(),
        }
    }
}

fn words(ladder: &[Channel]) -> Vec<String> {
    ladder.iter().map(|channel| channel.as_str().to_owned()).collect()
}

fn chosen(choices: &[Choice]) -> Vec<ChoiceDeclared> {
    let declared = |choice: &Choice| match choice.clone() {
        Choice { carrier, sender: None, region: None } => ChoiceDeclared::Name(carrier),
        Choice { carrier, sender, region } => ChoiceDeclared::As { carrier, sender, region },
    };
    choices.iter().map(declared).collect()
}

pub(super) fn check(
    declared: ConnectionDeclared,
    carriers: &[&Carrier],
    faults: &mut Faults<'_>,
) -> Option<Connection> {
    let before = faults.list.len();
    if !is_name(&declared.name) || declared.name.starts_with("conn_") {
        faults.tell("name", format!("{NAME}, not beginning with conn_"));
    }
    let fits = |id: &String| {
        id.strip_prefix("conn_").is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if !declared.id.as_ref().is_none_or(fits) {
        faults.tell("id", "conn_ and 32 hex digits; left out, one is made");
    }
    let kind = match declared.kind.as_str() {
        "phone" => Some(ConnectionKind::Phone),
        "email" => Some(ConnectionKind::Email),
        _ => None,
    };
    let kind = faults.must("kind", kind, "phone or email");
    let named: Vec<String> = declared.countries.iter().chain(&declared.default_country).cloned().collect();
    countries("countries", &named, faults);
    if let Some(country) = &declared.default_country
        && !declared.countries.is_empty()
        && !declared.countries.contains(country)
    {
        faults.tell("default_country", format!("{country} is not among countries"));
    }
    let kind = kind?;
    let ladder =
        declared.ladder.map_or_else(|| Some(usual_ladder(kind)), |words| ladder("ladder", &words, kind, faults));
    let rungs: Vec<Rung> =
        declared.rung.into_iter().filter_map(|rung| check_rung(rung, kind, carriers, faults)).collect();
    let twice =
        rungs.iter().enumerate().any(|(place, rung)| rungs[..place].iter().any(|one| one.channel == rung.channel));
    if twice {
        faults.tell("rung", "one for each channel at most");
    }
    let overrides = declared.overrides.into_iter().filter_map(|over| check_override(over, kind, faults)).collect();
    (faults.list.len() == before).then_some(Connection {
        id: ConnectionId::new(declared.id.unwrap_or_default()),
        name: declared.name,
        kind,
        enabled: declared.enabled.unwrap_or(true),
        default_country: declared.default_country,
        countries: declared.countries,
        ladder: ladder?,
        rungs,
        overrides,
    })
}

fn ladder(field: &str, words: &[String], kind: ConnectionKind, faults: &mut Faults<'_>) -> Option<Vec<Channel>> {
    let channels: Vec<Channel> = words.iter().filter_map(|word| channel(word, kind)).collect();
    let twice = channels.iter().enumerate().any(|(place, channel)| channels[..place].contains(channel));
    let good = channels.len() == words.len() && !channels.is_empty() && !twice;
    let allowed = match kind {
        ConnectionKind::Phone => "one or more of whatsapp, telegram, sms, voice, each once",
        ConnectionKind::Email => "only email",
    };
    faults.must(field, good.then_some(channels), allowed)
}

fn channel(word: &str, kind: ConnectionKind) -> Option<Channel> {
    Channel::parse(word).filter(|channel| channel.reaches(kind.identifier()))
}

fn check_rung(
    declared: RungDeclared,
    kind: ConnectionKind,
    carriers: &[&Carrier],
    faults: &mut Faults<'_>,
) -> Option<Rung> {
    let channel =
        faults.must("rung.channel", channel(&declared.channel, kind), "a channel of this kind of connection")?;
    let wait = declared.wait_seconds.unwrap_or(channel.usual_wait().as_secs());
    if !(5..=600).contains(&wait) {
        faults.tell("rung.wait_seconds", "5 to 600");
    }
    countries("rung.closed_in", &declared.closed_in, faults);
    let chosen = choices(declared.carriers, channel, carriers, faults);
    let mut routes = Vec::new();
    for route in declared.route {
        countries("rung.route.countries", &route.countries, faults);
        let carriers = choices(route.carriers, channel, carriers, faults);
        if route.countries.is_empty() || carriers.is_empty() {
            faults.tell("rung.route", "needs countries and carriers");
        }
        routes.push(Route { countries: route.countries, carriers });
    }
    Some(Rung { channel, wait, carriers: chosen, routes, closed_in: declared.closed_in })
}

fn choices(
    declared: Vec<ChoiceDeclared>,
    channel: Channel,
    carriers: &[&Carrier],
    faults: &mut Faults<'_>,
) -> Vec<Choice> {
    let mut chosen = Vec::new();
    for declared in declared {
        let choice = match declared {
            ChoiceDeclared::Name(carrier) => Choice { carrier, sender: None, region: None },
            ChoiceDeclared::As { carrier, sender, region } => Choice { carrier, sender, region },
        };
        match carriers.iter().find(|carrier| carrier.name == choice.carrier) {
            None => faults.tell("rung.carriers", format!("there is no carrier \"{}\"", choice.carrier)),
            Some(carrier) if !carrier.kind.carries(channel) => {
                faults.tell("rung.carriers", format!("\"{}\" does not carry {}", choice.carrier, channel.as_str()));
            }
            Some(_) => chosen.push(choice),
        }
    }
    chosen
}

fn check_override(declared: OverrideDeclared, kind: ConnectionKind, faults: &mut Faults<'_>) -> Option<Override> {
    countries("override.countries", &declared.countries, faults);
    if declared.clients.is_empty() && declared.countries.is_empty() {
        faults.tell("override", "needs clients, countries, or both");
    }
    let ladder = ladder("override.ladder", &declared.ladder, kind, faults)?;
    Some(Override { clients: declared.clients, countries: declared.countries, ladder })
}

fn countries(field: &str, named: &[String], faults: &mut Faults<'_>) {
    for country in named.iter().filter(|country| !phone::is_country(country)) {
        faults.tell(field, format!("\"{country}\" is not an ISO 3166 alpha-2 code in capitals, like NG"));
    }
}
