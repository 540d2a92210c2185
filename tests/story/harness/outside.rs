//! Somebody else's server, as applications have one: serves documents, keeps what is posted to it, and fails when told to.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone)]
pub struct Outside {
    pub url: String,
    parts: Arc<Mutex<Parts>>,
}

#[derive(Default)]
struct Parts {
    documents: HashMap<String, Document>,
    /// What the next posts are answered with; 200 when there is none left.
    answers: HashMap<String, Vec<u16>>,
    hangs: Vec<String>,
    /// What the next posts are answered with beside their status.
    asks_back: HashMap<String, String>,
    seen: Vec<Seen>,
}

#[derive(Clone)]
pub struct Document {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub content_type: String,
    pub body: String,
    pub headers: HashMap<String, String>,
}

impl Seen {
    pub fn field(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into())
    }
}

impl Document {
    pub fn json(value: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status: 200, headers, body: value.to_string() }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl Outside {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://127.0.0.1:{}", listener.local_addr().expect("bound").port());
        let outside = Self { url, parts: Arc::default() };
        let router = Router::new().fallback(answer).with_state(outside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        outside
    }

    fn parts(&self) -> std::sync::MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn serve(&self, path: &str, document: Document) {
        self.parts().documents.insert(path.to_owned(), document);
    }

    pub fn answer_with(&self, path: &str, statuses: &[u16]) {
        self.parts().answers.insert(path.to_owned(), statuses.to_vec());
    }

    /// Whoever posts here is asked to come back so.
    pub fn ask_back(&self, path: &str, retry_after: &str) {
        self.parts().asks_back.insert(path.to_owned(), retry_after.to_owned());
    }

    /// Nobody who comes here gets an answer.
    pub fn hang(&self, path: &str) {
        self.parts().hangs.push(path.to_owned());
    }

    /// What came to this path so far.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.parts().seen.iter().filter(|seen| seen.path == path).cloned().collect()
    }

    /// Waits until so many came to this path.
    pub async fn heard(&self, path: &str, count: usize) -> Vec<Seen> {
        for _ in 0..800 {
            let seen = self.seen(path);
            if seen.len() >= count {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} requests to {path} did not come, but {:?}", self.parts().seen);
    }
}

async fn answer(State(outside): State<Outside>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let (document, status, hangs, asks_back) = {
        let mut parts = outside.parts();
        let content_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        parts.seen.push(Seen {
            method: method.to_string(),
            path: path.clone(),
            content_type: content_type.to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
                .collect(),
        });
        let status = parts.answers.get_mut(&path).filter(|left| !left.is_empty()).map(|left| left.remove(0));
        (parts.documents.get(&path).cloned(), status, parts.hangs.contains(&path), parts.asks_back.get(&path).cloned())
    };
    if hangs {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let Some(document) = document.filter(|_| method == Method::GET) else {
        let status = if method == Method::POST { status.unwrap_or(200) } else { 404 };
        let status = StatusCode::from_u16(status).expect("a status");
        let asks_back = asks_back.map(|text| [("retry-after", text)]);
        return asks_back.map_or_else(|| status.into_response(), |header| (status, header).into_response());
    };
    let mut response =
        (StatusCode::from_u16(status.unwrap_or(document.status)).expect("a status"), document.body).into_response();
    for (name, value) in document.headers {
        let value = HeaderValue::from_str(&value).expect("a header");
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}
