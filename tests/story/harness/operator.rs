//! A program that operates: a client of the API with a token of its own.

use super::House;
use super::machine::{Answer, Machine};
use countersign::flows::manage::apply::{Applied, apply};
use reqwest::Method;
use serde_json::Value;

pub const SECRET: &str = "defghijabcdefghijabcdefghijabcdefghijabcdefghij12345";

pub struct Operator {
    pub machine: Machine,
    pub token: String,
}

impl Operator {
    /// Declares the client `operator` with these scopes, and gets its token.
    pub async fn of(house: &House, scopes: &[&str]) -> Self {
        Self::called(house, "operator", scopes).await
    }

    pub async fn called(house: &House, id: &str, scopes: &[&str]) -> Self {
        let api = format!("{}/api/v1", house.issuer);
        let text = format!(
            "[[client]]\nid = \"{id}\"\nname = \"Operator\"\nkind = \"machine\"\nsecret = \"{SECRET}\"\nresources = [\"{api}\"]\nscopes = {scopes:?}\n"
        );
        let applied = apply(&house.app, &text, &|_| Err("none".into()), false).await.expect("applies");
        assert!(matches!(applied, Applied::Done(_)), "{applied:?}");
        let machine = house.machine();
        let token =
            Self::ask(&machine, id, &[("resource", &api), ("scope", &scopes.join(" "))]).await.text("access_token");
        Self { machine, token }
    }

    pub async fn ask(machine: &Machine, id: &str, extra: &[(&str, &str)]) -> Answer {
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", id), ("client_secret", SECRET)];
        form.extend(extra);
        machine.post("/oauth2/token", &form).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut all = vec![("authorization", format!("Bearer {}", self.token))];
        all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/json".into()));
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.machine.any(method, &format!("/api/v1/{path}"), &all, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    pub async fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, &[("if-match", etag)], Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[("if-match", "*")], None).await
    }
}
