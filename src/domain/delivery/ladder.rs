//! The ladder: which channels are tried for a number, in which order, how long each waits, and by which carriers.

use super::Channel;
use crate::domain::connection::{Connection, ConnectionKind};
use crate::domain::phone::Line;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What the operator said about one channel of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    pub channel: Channel,
    /// Seconds to wait for word of delivery.
    pub wait: u64,
    /// In order of preference; none means every carrier of this channel, in the order they were declared.
    pub carriers: Vec<Choice>,
    /// Other preferences for some countries; the first that names the number's country counts.
    pub routes: Vec<Route>,
    /// Countries this rung is never climbed for: a risky prefix is not made a paid one by falling back.
    pub closed_in: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub countries: Vec<String>,
    pub carriers: Vec<Choice>,
}

/// A carrier, and as whom it sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub carrier: String,
    pub sender: Option<String>,
    pub region: Option<String>,
}

/// Another ladder for some clients, some countries, or some clients in some countries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// None means every client.
    pub clients: Vec<String>,
    /// None means every country.
    pub countries: Vec<String>,
    pub ladder: Vec<Channel>,
}

impl Rung {
    /// The operator's preference for numbers of this country.
    pub fn choices(&self, country: Option<&str>) -> &[Choice] {
        let route = self.routes.iter().find(|route| country.is_some_and(|country| holds(&route.countries, country)));
        route.map_or(&self.carriers, |route| &route.carriers)
    }
}

impl Connection {
    pub fn rung(&self, channel: Channel) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.channel == channel)
    }

    pub fn wait(&self, channel: Channel) -> Duration {
        self.rung(channel).map_or(channel.usual_wait(), |rung| Duration::from_secs(rung.wait))
    }

    /// What is tried for a number of this country and kind of line, when this client asks. May be nothing.
    pub fn ladder_for(&self, client: &str, country: Option<&str>, line: Line) -> Vec<Channel> {
        let open = self.ladder_of(client, country).iter().copied().filter(|channel| !self.closed(*channel, country));
        open.filter(|channel| *channel != Channel::Sms || line != Line::Landline).collect()
    }

    /// The ladder meant for this client and country, closed rungs among it.
    pub fn ladder_of(&self, client: &str, country: Option<&str>) -> &[Channel] {
        let meant = |named: &[String], it: Option<&str>| named.is_empty() || it.is_some_and(|it| holds(named, it));
        self.overrides
            .iter()
            .find(|over| meant(&over.clients, Some(client)) && meant(&over.countries, country))
            .map_or(&self.ladder, |over| &over.ladder)
    }

    /// Whether this rung is never climbed for numbers of this country.
    pub fn closed(&self, channel: Channel, country: Option<&str>) -> bool {
        self.rung(channel).is_some_and(|rung| country.is_some_and(|country| holds(&rung.closed_in, country)))
    }
}

fn holds(list: &[String], it: &str) -> bool {
    list.iter().any(|one| one == it)
}

/// What a connection climbs when its operator names nothing.
pub fn usual_ladder(kind: ConnectionKind) -> Vec<Channel> {
    match kind {
        ConnectionKind::Phone => vec![Channel::Sms],
        ConnectionKind::Email => vec![Channel::Email],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ConnectionId;
    use Channel::{Sms, Voice, Whatsapp};

    fn choice(carrier: &str) -> Choice {
        Choice { carrier: carrier.into(), sender: None, region: None }
    }

    fn connection() -> Connection {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let over = |clients: &[&str], countries: &[&str], ladder: &[Channel]| Override {
            clients: names(clients),
            countries: names(countries),
            ladder: ladder.to_vec(),
        };
        Connection {
            id: ConnectionId::new("conn_1"),
            name: "phone".into(),
            kind: ConnectionKind::Phone,
            enabled: true,
            default_country: None,
            countries: vec![],
            ladder: vec![Whatsapp, Sms, Voice],
            rungs: vec![Rung {
                channel: Sms,
                wait: 20,
                carriers: vec![choice("a"), choice("b")],
                routes: vec![Route { countries: names(&["NG"]), carriers: vec![choice("b")] }],
                closed_in: names(&["PS"]),
            }],
            overrides: vec![
                over(&["bank"], &["BR"], &[Voice]),
                over(&[], &["US"], &[Sms, Voice]),
                over(&["bank"], &[], &[Sms]),
            ],
        }
    }

    #[test]
    fn the_first_override_that_fits_counts() {
        let connection = connection();
        let ladder = |client: &str, country: &str| connection.ladder_for(client, Some(country), Line::Mobile);
        assert_eq!(ladder("shop", "NG"), [Whatsapp, Sms, Voice]);
        assert_eq!(ladder("shop", "US"), [Sms, Voice]);
        assert_eq!(ladder("bank", "BR"), [Voice]);
        assert_eq!(ladder("bank", "NG"), [Sms]);
    }

    #[test]
    fn closed_rungs_and_landlines_are_left_out() {
        let connection = connection();
        assert_eq!(connection.ladder_for("shop", Some("PS"), Line::Mobile), [Whatsapp, Voice]);
        assert_eq!(connection.ladder_for("shop", Some("NG"), Line::Landline), [Whatsapp, Voice]);
        assert_eq!(connection.ladder_for("bank", Some("PS"), Line::Mobile), []);
    }

    #[test]
    fn a_country_may_prefer_other_carriers() {
        let connection = connection();
        let rung = connection.rung(Sms).expect("declared");
        assert_eq!(
            (rung.choices(Some("NG")).len(), rung.choices(Some("GH")).len(), rung.choices(None).len()),
            (1, 2, 2)
        );
        assert_eq!((connection.wait(Sms).as_secs(), connection.wait(Whatsapp)), (20, Whatsapp.usual_wait()));
    }
}
