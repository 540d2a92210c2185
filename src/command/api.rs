//! `countersign api`: whatever the API does, done by a command, with the same checks and the same entry in the book. Exit code 1
//! means that the answer is a refusal: its words go to standard error.

use super::{one, open, say, say_wrong};
use crate::config::Config;
use crate::http::in_process;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use axum::response::Response;
use clap::Args;
use futures_util::stream::try_unfold;
use serde_json::Value;
use std::io::Write;
use std::os::fd::AsFd;
use std::process::ExitCode;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio_stream::StreamExt;

const BASE: &str = "/api/v1";
/// Read at once of what is sent.
const PIECE: usize = 64 * 1024;

#[derive(Args)]
pub struct Asked {
    /// GET, POST, PATCH or DELETE.
    method: Option<String>,
    /// Where, as in the API: `/people?q=ada`.
    #[arg(requires = "method")]
    path: Option<String>,
    /// What to send; `@FILE` or `-` reads it from a file or from standard input.
    body: Option<String>,
    /// One more header, like `If-Match: "…"`; without one, PATCH and DELETE change what there is now.
    #[arg(long, short = 'H')]
    header: Vec<String>,
    /// Print the answer as it came.
    #[arg(long)]
    raw: bool,
    /// Print what there is.
    #[arg(long, short)]
    help: bool,
}

pub async fn run(config: Config, asked: Asked) -> Result<ExitCode, Vec<String>> {
    let described = in_process::described("");
    let (Some(method), Some(path), false) = (&asked.method, &asked.path, asked.help) else {
        return match (asked.method, asked.help) {
            (Some(_), false) => Err(one("which path? `countersign api` lists what there is")),
            _ => {
                list(&described);
                Ok(ExitCode::SUCCESS)
            }
        };
    };
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).map_err(one)?;
    let path = path.strip_prefix(BASE).unwrap_or(path);
    if !path.starts_with('/') {
        return Err(one("a path begins with /: `countersign api` lists what there is"));
    }
    let mut request = Request::new(match &asked.body {
        Some(body) => sent(body).await?,
        None => Body::empty(),
    });
    *request.uri_mut() = format!("{BASE}{}", legal(path)).parse().map_err(one)?;
    let headers = request.headers_mut();
    if let (Some(_), Some(kind)) = (&asked.body, takes(&described, &method, path)) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(&kind).map_err(one)?);
    }
    if [Method::PATCH, Method::DELETE].contains(&method) {
        headers.insert("if-match", HeaderValue::from_static("*"));
    }
    for header in &asked.header {
        let (name, value) = header.split_once(':').ok_or_else(|| one("a header is NAME: VALUE"))?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(one)?;
        headers.insert(name, HeaderValue::from_str(value.trim()).map_err(one)?);
    }
    *request.method_mut() = method;
    let app = open(config).await?;
    told(in_process::send(&app, request).await, asked.raw).await
}

/// Every operation with what it does.
fn list(described: &Value) {
    say("countersign api METHOD PATH [BODY] [-H 'NAME: VALUE'] [--raw]");
    say("  BODY is sent as it stands; @FILE sends a file, - what comes by standard input.\n");
    for (path, item) in described["paths"].as_object().into_iter().flatten() {
        for method in ["get", "post", "patch", "delete"] {
            if let Some(summary) = item[method]["summary"].as_str() {
                say(&format!("{:<7}{path:<44} {summary}", method.to_uppercase()));
            }
        }
    }
    say("\nAll of it, with every field: /api/v1/ of the server, or `countersign api GET /openapi.json`.");
}

/// What an operation takes, where it takes something.
fn takes(described: &Value, method: &Method, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |template: &str| {
        let (mut parts, mut given) = (template.split('/'), path.split('/'));
        let same = |(part, given): (&str, &str)| part == given || (part.starts_with('{') && !given.is_empty());
        template.split('/').count() == path.split('/').count()
            && std::iter::from_fn(|| parts.next().zip(given.next())).all(same)
    };
    let all = described["paths"].as_object()?.iter().filter(|(template, _)| fits(template));
    // What is named stands before what is left open.
    let (_, item) = all.min_by_key(|(template, _)| template.matches('{').count())?;
    let content = item[method.as_str().to_lowercase()]["requestBody"]["content"].as_object()?;
    content.keys().next().cloned()
}

/// People type spaces and letters of their own into a path.
fn legal(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'!'..=b'~' if !br#""<>\^`{|}"#.contains(&byte) => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

async fn sent(body: &str) -> Result<Body, Vec<String>> {
    let file = match (body, body.strip_prefix('@')) {
        ("-", _) => {
            let input = std::io::stdin().as_fd().try_clone_to_owned().map_err(one)?;
            File::from_std(std::fs::File::from(input))
        }
        (_, Some(file)) => File::open(file).await.map_err(|error| one(format!("{file}: {error}")))?,
        _ => return Ok(Body::from(body.to_owned())),
    };
    Ok(Body::from_stream(try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    })))
}

async fn told(response: Response, raw: bool) -> Result<ExitCode, Vec<String>> {
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let json = ["application/json", "application/problem+json"].contains(&kind);
    let refused = !parts.status.is_success();
    if json && (refused || !raw) {
        let text = to_bytes(body, usize::MAX).await.map_err(one)?;
        let value: Value = serde_json::from_slice(&text).map_err(one)?;
        match refused {
            true => why(&value),
            false => say(&serde_json::to_string_pretty(&value).map_err(one)?),
        }
    } else {
        match refused {
            true => pass_on(body, std::io::stderr()).await?,
            false => pass_on(body, std::io::stdout()).await?,
        }
    }
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A refusal in words: what is wrong, field by field, and whatever else it says.
fn why(problem: &Value) {
    say_wrong(problem["title"].as_str().unwrap_or_default());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for error in problem["errors"].as_array().into_iter().flatten() {
        let all = ["of", "field", "detail"].map(|name| error[name].as_str().unwrap_or_default());
        let all: Vec<&str> = all.into_iter().filter(|part| !part.is_empty()).collect();
        say_wrong(&all.join(": "));
    }
    let said = ["type", "title", "status", "errors"];
    for (name, value) in problem.as_object().into_iter().flatten().filter(|(name, _)| !said.contains(&name.as_str())) {
        say_wrong(&format!("{name}: {}", text(value)));
    }
}

/// As it comes: it may be long.
async fn pass_on(body: Body, mut to: impl Write) -> Result<(), Vec<String>> {
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        to.write_all(&piece.map_err(one)?).map_err(one)?;
    }
    to.flush().map_err(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_takes_is_known() {
        let described = in_process::described("");
        for (method, path, kind) in [
            (Method::POST, "/people", Some("application/json")),
            (Method::POST, "/people/kp_1/merge?x=1", Some("application/json")),
            (Method::POST, "/imports?format=csv", Some("application/octet-stream")),
            (Method::POST, "/apply", Some("application/toml")),
            (Method::DELETE, "/clients/shop", None),
            (Method::POST, "/nowhere", None),
        ] {
            assert_eq!(takes(&described, &method, path).as_deref(), kind, "{method} {path}");
        }
    }

    #[test]
    fn a_path_is_typed_as_people_type() {
        assert_eq!(legal("/people?q=ada obi&x=%2B1"), "/people?q=ada%20obi&x=%2B1");
        assert_eq!(legal("/people?q=é"), "/people?q=%C3%A9");
    }
}
