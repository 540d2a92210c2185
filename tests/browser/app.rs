//! The app people sign in to: a page on a port of its own, where the browser really lands with its answer.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

pub type Answer = BTreeMap<String, String>;

/// What came to `/callback`.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub method: &'static str,
    pub answer: Answer,
}

#[derive(Clone)]
pub struct App {
    /// `http://localhost:PORT`: another site than the issuer, which is `http://127.0.0.1:PORT`.
    pub url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl App {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://localhost:{}", listener.local_addr().expect("bound").port());
        let app = Self { url, arrived: Arc::default() };
        let router = Router::new()
            .route("/", get(async || Html(page("The app"))))
            .route("/callback", get(answered).post(posted))
            .with_state(app.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        app
    }

    pub fn callback(&self) -> String {
        format!("{}/callback", self.url)
    }

    /// Everything that came back, oldest first.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("unpoisoned").clone()
    }

    fn take(&self, method: &'static str, answer: Answer) -> Html<String> {
        let said = if answer.contains_key("code") { "You are in the app" } else { "You are not in the app" };
        self.arrived.lock().expect("unpoisoned").push(Arrived { method, answer });
        Html(page(said))
    }
}

async fn answered(State(app): State<App>, Query(answer): Query<Answer>) -> Html<String> {
    app.take("GET", answer)
}

async fn posted(State(app): State<App>, Form(answer): Form<Answer>) -> Html<String> {
    app.take("POST", answer)
}

fn page(said: &str) -> String {
    format!("<!doctype html><html lang=en><title>App</title><link rel=icon href='data:,'><h1 id=app>{said}</h1>")
}
