//! The line between a carrier and Prism, listened to: what was said, what Prism thought of it, and what else is wrong with it.

use crate::document::document;
use crate::prism::{Prism, prism};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use countersign::domain::delivery::Handed;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Ids of the vendors' own forms; Meta's tell which of its overlapping documents is meant.
pub const PHONE_NUMBER: &str = "106540352242922";
pub const BUSINESS_ACCOUNT: &str = "102290129340398";

/// What Meta's document leaves out of itself, by path. Its lists elsewhere take `limit` and `fields`; its own example of a
/// receipt gives `biz_opaque_callback_data` back; templates are held against pywa's beside it.
const FORGOTTEN: [(&str, &str); 11] = [
    (TEMPLATES, "limit"),
    (TEMPLATES, "fields"),
    ("/{Version}/{Phone-Number-ID}/messages", ".biz_opaque_callback_data"),
    (TEMPLATES, ".message_send_ttl_seconds"),
    (TEMPLATES, ".components[].add_security_recommendation"),
    (TEMPLATES, ".components[].code_expiration_minutes"),
    (TEMPLATES, ".components[].buttons[].otp_type"),
    (TEMPLATE, ".message_send_ttl_seconds"),
    (TEMPLATE, ".components[].add_security_recommendation"),
    (TEMPLATE, ".components[].code_expiration_minutes"),
    (TEMPLATE, ".components[].buttons[].otp_type"),
];
const TEMPLATES: &str = "/{Version}/{WABA-ID}/message_templates";
const TEMPLATE: &str = "/{Version}/{TEMPLATE_ID}";

pub struct Wire {
    pub base: String,
    shared: Arc<Shared>,
}

struct Shared {
    prism: &'static Prism,
    http: reqwest::Client,
    said: Mutex<Vec<Said>>,
    /// By method and the path's end: what is answered instead of the document's example.
    answers: Vec<(&'static str, &'static str, Value)>,
}

/// One request, and what Prism answered.
#[derive(Clone, Debug)]
pub struct Said {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
    pub json: Value,
    pub status: u16,
    /// Prism's own words, where it has any.
    pub violations: String,
}

impl Wire {
    pub async fn open() -> Option<Self> {
        Self::answering(Vec::new()).await
    }

    pub async fn answering(answers: Vec<(&'static str, &'static str, Value)>) -> Option<Self> {
        let prism = prism()?;
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let shared = Arc::new(Shared { prism, http, said: Mutex::new(Vec::new()), answers });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let router = axum::Router::new().fallback(pass).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(Self { base, shared })
    }

    /// All that was said so far; it is forgotten then.
    pub fn heard(&self) -> Vec<Said> {
        std::mem::take(&mut *self.shared.said.lock().expect("a lock"))
    }

    /// The same, once nothing in it is against the vendor's document.
    #[track_caller]
    pub fn sound(&self) -> Vec<Said> {
        let heard = self.heard();
        for said in &heard {
            assert_eq!(said.faults(), Vec::<String>::new(), "{} {}: {said:#?}", said.method, said.path);
        }
        heard
    }

    /// What was said to have this message sent, which it was.
    #[track_caller]
    pub fn sent(&self, handed: &Handed) -> Said {
        let said = self.one();
        assert!(matches!(handed, Handed::Accepted { .. }), "{handed:?}");
        said
    }

    /// The one thing that was said.
    #[track_caller]
    pub fn one(&self) -> Said {
        let mut heard = self.sound();
        assert_eq!(heard.len(), 1, "{heard:#?}");
        heard.remove(0)
    }
}

impl Said {
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.form.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} twice in {self:?}");
        value
    }

    /// `POST /v2/Services/{ServiceSid}/Verifications`.
    pub fn operation(&self) -> String {
        let found = document(document_of(&self.path)).operation(&self.method, &self.path);
        format!("{} {}", self.method, found.map_or("unknown", |found| found.path))
    }

    /// What the vendor's document has against it.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(200..300).contains(&self.status) {
            faults.push(format!("{}: {}", self.status, self.violations));
        } else if !self.violations.is_empty() {
            faults.push(self.violations.clone());
        }
        let Some(operation) = document(document_of(&self.path)).operation(&self.method, &self.path) else {
            return vec![format!("{} {} is not in the document", self.method, self.path)];
        };
        let unknown = |what: &str, names: Vec<String>| {
            let strange = names.into_iter().filter(|name| !FORGOTTEN.contains(&(operation.path, name.as_str())));
            strange.map(|name| format!("unknown {what}: {name}")).collect::<Vec<_>>()
        };
        faults.extend(unknown("parameter", operation.unknown_parameters(&self.query)));
        faults.extend(unknown("field", operation.unknown_fields(&self.form)));
        faults.extend(unknown("member", operation.unknown_members(&self.json)));
        faults
    }
}

/// Which document speaks of a path.
fn document_of(path: &str) -> &'static str {
    let mut steps = path.trim_start_matches('/').split('/');
    match (steps.next(), steps.next(), steps.next()) {
        (Some("2010-04-01"), ..) => "twilio_api_v2010",
        (Some("v2"), Some("Channels"), _) => "twilio_messaging_v2",
        (Some("v2"), ..) => "twilio_verify_v2",
        (Some("v1"), Some("Services"), _) => "twilio_messaging_v1",
        (Some("v1"), ..) => "twilio_content_v1",
        (_, Some(_), Some(_)) => "meta_messaging_v23",
        (_, Some(PHONE_NUMBER), None) => "meta_phone_number_v23",
        _ => "meta_template_v23",
    }
}

async fn pass(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let port = shared.prism.port(document_of(uri.path()));
    let url = format!("http://127.0.0.1:{port}{uri}");
    let mut onwards = headers.clone();
    onwards.remove("host");
    let request = shared.http.request(method.clone(), url).headers(onwards).body(body.clone());
    let answer = request.send().await.expect("Prism answers");
    let status = answer.status();
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (mut violations, kind) = (of_request(&header("sl-violations")), header("content-type"));
    let mut text = answer.bytes().await.expect("a body").to_vec();
    if kind.starts_with("application/problem+json") {
        violations = String::from_utf8_lossy(&text).into_owned();
    }
    shared.said.lock().expect("a lock").push(said(&method, &uri, &headers, &body, status.as_u16(), violations));
    let scripted = |(verb, end, _): &&(&str, &str, Value)| method == *verb && uri.path().ends_with(end);
    if let Some((_, _, instead)) = shared.answers.iter().find(scripted).filter(|_| status.is_success()) {
        text = instead.to_string().into_bytes();
    }
    Response::builder().status(status).header("content-type", kind).body(Body::from(text)).expect("an answer")
}

/// Those that are not about Prism's own answer.
fn of_request(violations: &str) -> String {
    let all: Vec<Value> = serde_json::from_str(violations).unwrap_or_default();
    let ours: Vec<String> = all.iter().filter(|one| one["location"][0] != "response").map(Value::to_string).collect();
    if violations.starts_with("Too many") { violations.to_owned() } else { ours.join(", ") }
}

fn said(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8], status: u16, violations: String) -> Said {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pairs = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect();
    let form = kind.starts_with("application/x-www-form-urlencoded").then(|| pairs(body));
    let json = kind.starts_with("application/json").then(|| serde_json::from_slice(body).expect("JSON"));
    Said {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: pairs(uri.query().unwrap_or_default().as_bytes()),
        form: form.unwrap_or_default(),
        json: json.unwrap_or_default(),
        status,
        violations,
    }
}
