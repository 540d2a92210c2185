//! `[[carrier]]`: what is common to all, and the kind's own settings and secrets.

use super::cap::amount;
use super::{Faults, NAME, Noun, Outside, is_name};
use crate::domain::carrier::{Carrier, CarrierKind, Credentials, Price, is_url, usual_timeout};
use crate::domain::delivery::Channel;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What every kind has.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Carrier)]
pub(super) struct Common {
    name: String,
    kind: String,
    #[serde(default = "yes")]
    enabled: bool,
    base_url: Option<String>,
    #[serde(default)]
    allow_private: bool,
    #[serde(default = "usual_timeout")]
    timeout_seconds: u64,
    #[serde(default)]
    price: Vec<PriceDeclared>,
}

pub(super) const COMMON: [&str; 7] =
    ["name", "kind", "enabled", "base_url", "allow_private", "timeout_seconds", "price"];

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Price)]
struct PriceDeclared {
    channel: String,
    #[serde(default)]
    prefix: String,
    #[schema(value_type = String)]
    amount: toml::Value,
}

/// What stands in place of a secret that is to stay what it is: `auth_token = { kept = true }`.
fn kept() -> toml::Value {
    toml::Value::Table([("kept".to_owned(), toml::Value::Boolean(true))].into_iter().collect())
}

/// A carrier as it would be declared; its secrets are named, and stay where they are.
pub(super) fn of(carrier: &Carrier, secrets: &Credentials) -> toml::Table {
    let price = |price: &Price| {
        let amount = toml::Value::String(price.amount.to_string());
        PriceDeclared { channel: price.channel.as_str().to_owned(), prefix: price.prefix.clone(), amount }
    };
    let common = Common {
        name: carrier.name.clone(),
        kind: carrier.kind.as_str().to_owned(),
        enabled: carrier.enabled,
        base_url: carrier.base_url.clone(),
        allow_private: carrier.allow_private,
        timeout_seconds: carrier.timeout_seconds,
        price: carrier.prices.iter().map(price).collect(),
    };
    let mut table = toml::Table::try_from(common).unwrap_or_default();
    let prices = table.remove("price");
    for (name, value) in toml::Table::try_from(&carrier.kind).unwrap_or_default() {
        table.entry(name).or_insert(value);
    }
    table.extend(secrets.names().map(|name| (name.to_owned(), kept())));
    table.extend(prices.map(|prices| ("price".to_owned(), prices)));
    table
}

fn yes() -> bool {
    true
}

pub(super) fn name_of(table: &toml::Table) -> &str {
    table.get("name").and_then(toml::Value::as_str).unwrap_or_default()
}

pub(super) fn check(
    mut table: toml::Table,
    outside: &Outside<'_>,
    faults: &mut Faults<'_>,
) -> Option<(Carrier, Credentials)> {
    let before = faults.list.len();
    let common: Common = read(table.clone(), faults)?;
    COMMON.iter().for_each(|name| drop(table.remove(*name)));
    if !is_name(&common.name) {
        faults.tell("name", NAME);
    }
    let secrets = take_secrets(&common, &mut table, outside, faults);
    let prices = common.price.into_iter().filter_map(|price| check_price(price, faults)).collect();
    if !(1..=60).contains(&common.timeout_seconds) {
        faults.tell("timeout_seconds", "1 to 60");
    }
    if common.base_url.as_deref().is_some_and(|url| !is_url(url, common.allow_private)) {
        faults.tell("base_url", "an https URL; http only with allow_private = true");
    }
    let kind = match common.kind.as_str() {
        "dev_phone" if table.is_empty() => CarrierKind::DevPhone,
        "dev_phone" => return faults.must("kind", None, "dev_phone has no settings"),
        "smtp" => CarrierKind::Smtp(read(table, faults)?),
        "twilio_messaging" => CarrierKind::TwilioMessaging(read(table, faults)?),
        "twilio_verify" => CarrierKind::TwilioVerify(read(table, faults)?),
        "meta_whatsapp" => CarrierKind::MetaWhatsapp(read(table, faults)?),
        "vonage" => CarrierKind::Vonage(read(table, faults)?),
        "telegram_gateway" => CarrierKind::TelegramGateway(read(table, faults)?),
        "webhook" => CarrierKind::Webhook(read(table, faults)?),
        _ => return faults.must("kind", None, &CarrierKind::NAMES.join(", ")),
    };
    for (field, allowed) in kind.faults(&secrets) {
        faults.tell(field, allowed);
    }
    if let CarrierKind::Webhook(webhook) = &kind
        && !is_url(&webhook.url, common.allow_private)
    {
        faults.tell("url", "an https URL; http only with allow_private = true");
    }
    let carrier = Carrier {
        enabled: common.enabled,
        base_url: common.base_url.map(|url| url.trim_end_matches('/').to_owned()),
        allow_private: common.allow_private,
        timeout_seconds: common.timeout_seconds,
        prices,
        ..Carrier::new(common.name, kind)
    };
    (faults.list.len() == before).then_some((carrier, secrets))
}

/// A table as a type; what does not fit is told in one line.
fn read<T: DeserializeOwned>(table: toml::Table, faults: &mut Faults<'_>) -> Option<T> {
    match table.try_into() {
        Ok(settings) => Some(settings),
        Err(error) => {
            let error: toml::de::Error = error;
            faults.tell("settings", error.to_string().trim().replace('\n', " "));
            None
        }
    }
}

/// A secret stands in the declaration, or in a file beside it (`auth_token` or `auth_token_file`), or stays what it is.
fn take_secrets(
    common: &Common,
    table: &mut toml::Table,
    outside: &Outside<'_>,
    faults: &mut Faults<'_>,
) -> Credentials {
    let mut secrets = Credentials::default();
    for name in CarrierKind::secrets(&common.kind) {
        let in_file = format!("{name}_file");
        let given = match (table.remove(*name), table.remove(&in_file)) {
            (None, None) => continue,
            (Some(toml::Value::String(secret)), None) => Some(secret),
            (None, Some(toml::Value::String(path))) => match (outside.read_file)(&path).map(String::from_utf8) {
                Ok(Ok(secret)) => Some(secret.trim_end_matches(['\n', '\r']).to_owned()),
                Ok(Err(_)) => faults.must(&in_file, None, "a text file"),
                Err(error) => faults.must(&in_file, None, &error),
            },
            (Some(stays), None) if stays == kept() => {
                let allowed = "{ kept = true } keeps what is here already, and nothing is: give it, or a file of it";
                faults.must(name, (outside.kept)(Noun::Carrier, &common.name, name), allowed)
            }
            _ => faults.must(name, None, "a text, or a file named by the same name and _file"),
        };
        match given {
            Some(secret) if secret.is_empty() => faults.tell(name, "must not be empty"),
            Some(secret) => secrets.set(name, secret),
            None => {}
        }
    }
    secrets
}

fn check_price(declared: PriceDeclared, faults: &mut Faults<'_>) -> Option<Price> {
    let prefix = declared.prefix;
    let good = prefix.is_empty()
        || prefix
            .strip_prefix('+')
            .is_some_and(|rest| (1..=8).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit()));
    let prefix =
        faults.must("price.prefix", good.then_some(prefix), "+ and the digits a number begins with, or nothing");
    let channel =
        faults.must("price.channel", Channel::parse(&declared.channel), "whatsapp, telegram, sms, voice or email");
    let amount = faults.must("price.amount", amount(&declared.amount), "an amount like \"0.0079\", at most six places");
    Some(Price { channel: channel?, prefix: prefix?, amount: amount? })
}
