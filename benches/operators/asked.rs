//! What is asked, of what there is: people and sign-ins are picked from all over, so that no cache knows them.

use super::Failure;
use super::settings::{CLIENT_SECRET, TOKEN};
use super::web::client;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

const CALLER: &str = "operator";
const SCOPES: &str =
    "read:overview read:sign_ins read:people read:clients read:connections read:organizations read:audit";

/// Two ways in, and clients of which one has most.
pub fn declared() -> String {
    let clients: String = ["shop", "market", "kiosk"]
        .map(|id| {
            format!(
                "[[client]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"web\"\nsecret = \"{CLIENT_SECRET}\"\nredirect_uris = [\"http://127.0.0.1:4000/callback\"]\nconnections = [\"phone\", \"email\"]\n\n"
            )
        })
        .concat();
    clients
        + "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"whatsapp\", \"sms\"]\n\n[[connection]]\nname = \"email\"\nkind = \"email\"\n\n[[carrier]]\nname = \"phone-page\"\nkind = \"dev_phone\"\n"
}

/// Who asks.
pub fn operator(issuer: &str) -> String {
    let scopes: Vec<&str> = SCOPES.split(' ').collect();
    format!(
        "[[client]]\nid = \"{CALLER}\"\nname = \"Operator\"\nkind = \"machine\"\nsecret = \"{CLIENT_SECRET}\"\nresources = [\"{issuer}/api/v1\"]\nscopes = {scopes:?}\n"
    )
}

pub fn organizations(count: u64) -> String {
    (0..count).map(|n| format!("[[organization]]\ncode = \"org_{n:05}\"\nname = \"Organization {n}\"\n\n")).collect()
}

pub struct Api {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// One question, asked again and again of something else.
pub struct Asked {
    pub name: &'static str,
    pub path: Box<dyn Fn(usize) -> String>,
}

impl Api {
    pub async fn open(issuer: &str) -> Result<Self, Failure> {
        let (http, base) = (client()?, format!("{issuer}/api/v1"));
        let form = [("grant_type", "client_credentials"), ("resource", &base), ("scope", SCOPES)];
        let request = http.post(format!("{issuer}{TOKEN}")).basic_auth(CALLER, Some(CLIENT_SECRET)).form(&form);
        let told: Value = request.send().await?.error_for_status()?.json().await?;
        let token = told["access_token"].as_str().ok_or("no token")?.to_owned();
        Ok(Self { http, base, token })
    }

    pub async fn get(&self, path: &str) -> Result<String, Failure> {
        let response = self.http.get(format!("{}/{path}", self.base)).bearer_auth(&self.token).send().await?;
        let (status, text) = (response.status(), response.text().await?);
        if status.is_success() { Ok(text) } else { Err(format!("{status}: {text}").into()) }
    }

    async fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let page: Value = serde_json::from_str(&self.get(path).await?)?;
        Ok(page["data"].as_array().cloned().unwrap_or_default())
    }

    /// Every list, search and overview.
    pub async fn all(&self) -> Result<Vec<Asked>, Failure> {
        let newest = self.list("sign_ins?limit=1").await?;
        let newest = newest.first().and_then(|one| one["at"].as_i64()).ok_or("no sign-in")?;
        // From all over the thirty days.
        let moment = move |n: usize| newest - (n as i64 * 7_919 * 41) % (29 * 86_400);
        let (mut ids, mut people, mut identifiers) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..20 {
            let page = self.list(&format!("sign_ins?limit=20&until={}", moment(n))).await?;
            ids.extend(page.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)));
        }
        for one in self.list("people?limit=100").await? {
            people.extend(one["id"].as_str().map(str::to_owned));
            identifiers.extend(
                one["identifiers"][0]["value"].as_str().map(|of| byte_serialize(of.as_bytes()).collect::<String>()),
            );
        }
        if ids.is_empty() || people.is_empty() || identifiers.is_empty() {
            return Err("nobody and nothing there to ask for".into());
        }
        let of = |from: Vec<String>| move |n: usize| from[n % from.len()].clone();
        let (id, person, identifier) = (of(ids), of(people), of(identifiers));
        let country = |n: usize| ["NG", "BR", "IN", "ID", "KE", "DE"][n % 6];
        let mut all: Vec<Asked> = Vec::new();
        let mut ask = |name, path: Box<dyn Fn(usize) -> String>| all.push(Asked { name, path });
        ask("overview, hour", Box::new(|_| "overview?window=hour".into()));
        ask("overview, day", Box::new(|_| "overview?window=day".into()));
        ask("overview, month", Box::new(|_| "overview?window=month".into()));
        ask("sign-ins, newest", Box::new(|_| "sign_ins".into()));
        let after = id.clone();
        ask("sign-ins, further on", Box::new(move |n| format!("sign_ins?cursor={}", after(n))));
        let of_it = identifier.clone();
        ask("sign-ins of an identifier", Box::new(move |n| format!("sign_ins?identifier={}", of_it(n))));
        let of_it = person.clone();
        ask("sign-ins of an account", Box::new(move |n| format!("sign_ins?subject={}", of_it(n))));
        ask(
            "sign-ins to a client",
            Box::new(|n| format!("sign_ins?client={}", ["shop", "market", "kiosk", "none"][n % 4])),
        );
        for (name, state) in [
            ("sign-ins begun", "begun"),
            ("sign-ins asked", "asked"),
            ("sign-ins proven", "proven"),
            ("sign-ins answered", "answered"),
            ("sign-ins expired", "expired"),
        ] {
            ask(name, Box::new(move |_| format!("sign_ins?state={state}")));
        }
        ask("sign-ins in a country", Box::new(move |n| format!("sign_ins?country={}", country(n))));
        ask("sign-ins in none", Box::new(|_| "sign_ins?country=IS".into()));
        ask(
            "sign-ins by a connection",
            Box::new(|n| format!("sign_ins?connection={}", ["phone", "email", "none"][n % 3])),
        );
        ask(
            "sign-ins of an hour",
            Box::new(move |n| format!("sign_ins?since={}&until={}", moment(n) - 3_600, moment(n))),
        );
        ask(
            "sign-ins: country, client, expired, until",
            Box::new(move |n| {
                format!("sign_ins?country={}&client=kiosk&state=expired&until={}", country(n), moment(n))
            }),
        );
        ask(
            "sign-ins: what never meets",
            Box::new(move |n| format!("sign_ins?country={}&connection=email", country(n))),
        );
        let of_it = id.clone();
        ask("one sign-in's story", Box::new(move |n| format!("sign_ins/{}", of_it(n))));
        ask("people, newest", Box::new(|_| "people".into()));
        let of_it = identifier.clone();
        ask("people by identifier", Box::new(move |n| format!("people?identifier={}", of_it(n))));
        let names = ["ada", "chidi", "lakshmi", "keita", "nobody"];
        ask("people by name", Box::new(move |n| format!("people?q={}", names[n % 5])));
        ask("people who are blocked", Box::new(|_| "people?blocked=true".into()));
        let of_it = person.clone();
        ask("one person", Box::new(move |n| format!("people/{}", of_it(n))));
        ask("one person's sign-ins", Box::new(move |n| format!("people/{}/sign_ins", person(n))));
        ask("clients", Box::new(|_| "clients".into()));
        ask("organizations", Box::new(|n| format!("organizations?cursor=org_{:05}", n * 97 % 10_000)));
        ask(
            "organizations that hold a text",
            Box::new(|n| format!("organizations?q=organization+{}", n * 97 % 10_000)),
        );
        ask("one organization", Box::new(|n| format!("organizations/org_{:05}", n * 97 % 10_000)));
        ask("audit", Box::new(|_| "audit".into()));
        Ok(all)
    }
}
