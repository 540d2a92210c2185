//! What is asked for, by so many at a time, and what an answer cannot cost less than.

use super::Failure;
use super::bounds::Bounds;
use super::declared::CLIENTS;
use super::server::Place;
use super::settings::{CLIENT_SECRET, JWKS, TOKEN};
use super::walk::Walk;
use super::web::client;
use jsonwebtoken::Algorithm;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const DISCOVERY: &str = "/.well-known/openid-configuration";
const USERINFO: &str = "/oauth2/userinfo";
const INTROSPECT: &str = "/oauth2/introspect";
const ALIVE: &str = "/health/live";

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// What any answer costs: the bound of those that come from memory.
    Bare,
    Discovery,
    Keys,
    ClientCredentials,
    Refresh,
    Introspect,
    Userinfo,
}

#[derive(Clone)]
pub struct Load {
    pub name: String,
    kind: Kind,
    /// Which of the clients asks.
    place: usize,
    /// CPU seconds of what it cannot avoid; none where a bare answer is the bound.
    pub bound: Option<f64>,
    /// At most so many times its bound, or so many CPU seconds on SQLite.
    pub most: Option<Most>,
}

#[derive(Clone, Copy)]
pub enum Most {
    Times(f64),
    SecondsOnSqlite(f64),
}

#[derive(Default)]
pub struct Driven {
    pub done: u64,
    pub errors: u64,
    pub first_error: Option<String>,
}

/// One person's tokens with one client.
struct Lane {
    access: String,
    refresh: Mutex<String>,
}

struct Shared {
    issuer: String,
    http: reqwest::Client,
    /// By client, then by lane.
    lanes: Vec<Vec<Lane>>,
}

pub struct Loads {
    shared: Arc<Shared>,
    all: Vec<Load>,
    concurrency: usize,
}

impl Loads {
    /// Everybody signs in once with each client.
    pub async fn prepare(place: &Place, bounds: &Bounds, concurrency: usize) -> Result<Self, Failure> {
        let mut lanes = Vec::new();
        for (at, (algorithm, _, people, _)) in CLIENTS.iter().enumerate() {
            let walk = Walk::of(place, true, people, *algorithm).await?;
            let mut of_client = Vec::new();
            for person in 0..concurrency {
                let (_, tokens) = walk.tokens((at * concurrency + person) as u64).await?;
                of_client.push(Lane { access: tokens.access_token, refresh: Mutex::new(tokens.refresh_token) });
            }
            lanes.push(of_client);
        }
        let shared = Arc::new(Shared { issuer: place.issuer.clone(), http: client()?, lanes });
        Ok(Self { shared, all: all(bounds), concurrency })
    }

    pub fn all(&self) -> &[Load] {
        &self.all
    }

    /// Asks again as soon as an answer is there, for so long.
    pub async fn drive(&self, load: &Load, length: Duration) -> Driven {
        let until = Instant::now() + length;
        let lanes: Vec<_> = (0..self.concurrency)
            .map(|lane| {
                let (shared, load) = (self.shared.clone(), load.clone());
                tokio::spawn(async move {
                    let mut driven = Driven::default();
                    while Instant::now() < until {
                        match shared.ask(&load, lane).await {
                            Ok(()) => driven.done += 1,
                            Err(error) => {
                                driven.errors += 1;
                                driven.first_error.get_or_insert_with(|| error.to_string());
                            }
                        }
                    }
                    driven
                })
            })
            .collect();
        let mut all = Driven::default();
        for lane in lanes {
            match lane.await {
                Ok(driven) => {
                    all.done += driven.done;
                    all.errors += driven.errors;
                    all.first_error = all.first_error.or(driven.first_error);
                }
                Err(error) => {
                    all.errors += 1;
                    all.first_error = Some(error.to_string());
                }
            }
        }
        all
    }
}

fn all(bounds: &Bounds) -> Vec<Load> {
    let bare = |name: &str, kind| Load { name: name.into(), kind, place: 0, bound: None, most: None };
    let mut all = vec![bare("a bare answer", Kind::Bare), bare("discovery", Kind::Discovery), bare("JWKS", Kind::Keys)];
    for (place, (algorithm, name, ..)) in CLIENTS.iter().enumerate() {
        let cost = bounds.of(*algorithm);
        let rsa = *algorithm == Algorithm::RS256;
        let mut add = |what: &str, kind, bound, most| {
            all.push(Load { name: format!("{what}, {name}"), kind, place, bound: Some(bound), most });
        };
        let twice = rsa.then_some(Most::Times(2.0));
        let quick = Some(Most::SecondsOnSqlite(150e-6));
        add("client_credentials", Kind::ClientCredentials, cost.sign, twice);
        add("refresh", Kind::Refresh, 2.0 * cost.sign, twice);
        add("introspect", Kind::Introspect, cost.verify, quick);
        add("userinfo", Kind::Userinfo, cost.verify, quick);
    }
    all
}

impl Shared {
    async fn ask(&self, load: &Load, lane: usize) -> Result<(), Failure> {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let (_, _, people, machine) = CLIENTS[load.place];
        let tokens = &self.lanes[load.place][lane];
        match load.kind {
            Kind::Bare => self.text(self.http.get(at(ALIVE))).await.map(drop),
            Kind::Discovery => self.text(self.http.get(at(DISCOVERY))).await.map(drop),
            Kind::Keys => self.text(self.http.get(at(JWKS))).await.map(drop),
            Kind::ClientCredentials => {
                let request = self.http.post(at(TOKEN)).basic_auth(machine, Some(CLIENT_SECRET));
                has(&self.text(request.form(&[("grant_type", "client_credentials")])).await?, "access_token").map(drop)
            }
            Kind::Refresh => {
                let mut refresh = tokens.refresh.lock().await;
                let request = self.http.post(at(TOKEN)).basic_auth(people, Some(CLIENT_SECRET));
                let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
                let answer = self.text(request.form(&form)).await?;
                has(&answer, "id_token")?;
                *refresh = has(&answer, "refresh_token")?;
                Ok(())
            }
            Kind::Introspect => {
                let request = self.http.post(at(INTROSPECT)).basic_auth(people, Some(CLIENT_SECRET));
                let answer = self.text(request.form(&[("token", tokens.access.as_str())])).await?;
                answer.contains("\"active\":true").then_some(()).ok_or_else(|| format!("not active: {answer}").into())
            }
            Kind::Userinfo => {
                has(&self.text(self.http.get(at(USERINFO)).bearer_auth(&tokens.access)).await?, "phone_number")
                    .map(drop)
            }
        }
    }

    async fn text(&self, request: reqwest::RequestBuilder) -> Result<String, Failure> {
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if status.is_success() { Ok(text) } else { Err(format!("{status}: {text}").into()) }
    }
}

fn has(answer: &str, member: &str) -> Result<String, Failure> {
    let answer: Value = serde_json::from_str(answer)?;
    Ok(answer[member].as_str().ok_or_else(|| format!("no {member} in {answer}"))?.to_owned())
}
