//! A browser without JavaScript, as far as HTTP is concerned: cookies, forms, redirects.

use reqwest::header::{COOKIE, HeaderMap, LOCATION, REFERER, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct Visitor {
    http: Client,
    issuer: String,
    pub cookies: BTreeMap<String, String>,
    pub language: String,
    /// The page of ours they look at, as a `Referer` tells it.
    page: String,
}

/// What a visitor sees.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    /// Where it is: relative to the issuer, or absolute where the browser was sent elsewhere.
    pub url: String,
    pub html: String,
    pub headers: HeaderMap,
}

impl Visitor {
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    pub fn new(issuer: &str) -> Self {
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
        Self { http, issuer: issuer.to_owned(), cookies: BTreeMap::new(), language: "en".into(), page: String::new() }
    }

    /// The same browser, seen through another node.
    pub fn at(&self, issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), ..self.clone() }
    }

    /// Opens a page and follows redirects while they stay with us.
    pub async fn get(&mut self, url: &str) -> Page {
        let page = self.once(Method::GET, url, None).await;
        self.follow(page).await
    }

    pub async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.once(Method::POST, url, Some(fields)).await;
        self.follow(page).await
    }

    /// Sends a form with files in it: their names in the form, their kinds, and what they hold.
    pub async fn upload(&mut self, url: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        const EDGE: &str = "edge-of-a-part";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, kind, bytes) in files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self.http.post(format!("{}{url}", self.issuer)).header(COOKIE, cookies).body(body);
        let request = request.header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        let request = request.header("origin", &self.issuer).header("sec-fetch-site", "same-origin");
        let response = request.send().await.expect("an answer");
        self.remember(response.headers());
        let (status, headers) = (response.status(), response.headers().clone());
        let page = Page { status, url: url.to_owned(), html: response.text().await.expect("text"), headers };
        self.follow(page).await
    }

    /// Sends the form that holds `field`, its hidden inputs included.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let field = fields.first().map_or("", |(name, _)| *name);
        let (action, hidden) = page.form(field);
        let all: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !fields.iter().any(|(given, _)| given == name))
            .chain(fields.iter().copied())
            .collect();
        self.post(&action, &all).await
    }

    /// A form with a file in it, fields first as they stand in the page; a file without a name is one that was not chosen.
    pub async fn post_file(&mut self, url: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Page {
        const BOUNDARY: &str = "----countersign-tests";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        let (name, filename, bytes) = file;
        let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"");
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let page = self.post_body(url, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await;
        self.follow(page).await
    }

    /// Exactly these bytes, from a page of ours.
    pub async fn post_body(&mut self, url: &str, kind: &str, body: Vec<u8>) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self.http.post(format!("{}{url}", self.issuer)).header(COOKIE, cookies);
        let request = request.header("origin", &self.issuer).header("sec-fetch-site", "same-origin");
        let response = request.header("content-type", kind).body(body).send().await.expect("an answer");
        self.remember(response.headers());
        let (status, headers) = (response.status(), response.headers().clone());
        Page { status, url: url.to_owned(), html: response.text().await.expect("text"), headers }
    }

    /// One request, no redirect followed.
    pub async fn once(&mut self, method: Method, url: &str, form: Option<&[(&str, &str)]>) -> Page {
        let full = if url.starts_with('/') { format!("{}{url}", self.issuer) } else { url.to_owned() };
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = self.http.request(method, &full).header("accept-language", &self.language);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        if let Some(form) = form {
            request = request.header("origin", &self.issuer).header("sec-fetch-site", "same-origin").form(form);
            if !self.page.is_empty() {
                request = request.header(REFERER, &self.page);
            }
        }
        let response = request.send().await.expect("an answer");
        self.remember(response.headers());
        let (status, headers) = (response.status(), response.headers().clone());
        if full.starts_with(&self.issuer) && !status.is_redirection() {
            self.page = full;
        }
        Page { status, url: url.to_owned(), html: response.text().await.expect("text"), headers }
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            if !page.status.is_redirection() {
                return page;
            }
            let to = page.location();
            let ours =
                to.strip_prefix(&self.issuer).map(str::to_owned).or_else(|| to.starts_with('/').then(|| to.clone()));
            match ours {
                Some(path) => page = self.once(Method::GET, &path, None).await,
                None => return Page { url: to, ..page },
            }
        }
        panic!("redirected for ever, last to {}", page.url);
    }

    fn remember(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let text = cookie.to_str().expect("ASCII");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if text.to_ascii_lowercase().contains("max-age=0") || value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Page {
    pub fn location(&self) -> String {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok()).expect("a Location").to_owned()
    }

    /// A parameter of the URL the browser was sent to.
    pub fn param(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.url).expect("an absolute URL");
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub fn code(&self) -> String {
        self.param("code").unwrap_or_else(|| panic!("no code in {} ({}: {})", self.url, self.status, self.text()))
    }

    /// Action and hidden inputs of the form that holds this field.
    pub fn form(&self, field: &str) -> (String, Vec<(String, String)>) {
        let forms = self.html.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default());
        let needle = format!("name=\"{field}\"");
        let form = forms.clone().find(|form| {
            form.contains(&needle)
                || form.contains(&format!("name={field}"))
                || form.contains(&format!("id=\"{field}\""))
        });
        let form =
            form.unwrap_or_else(|| panic!("no form with {field} on {} ({}): {}", self.url, self.status, self.html));
        let tag = form.split('>').next().unwrap_or_default();
        let hidden = form
            .split("<input")
            .skip(1)
            .filter(|input| input.split('>').next().is_some_and(|input| input.contains("hidden")));
        let hidden = hidden.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect();
        (attribute(tag, "action"), hidden)
    }

    /// The page without its markup.
    pub fn text(&self) -> String {
        let body = self.html.split("</head>").last().unwrap_or_default();
        let mut text = String::new();
        let mut inside = false;
        for c in body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

pub fn attribute(tag: &str, name: &str) -> String {
    let tag = tag.split('>').next().unwrap_or_default();
    let quoted = tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    unescape(
        quoted
            .or_else(|| tag.split(&format!("{name}=")).nth(1).and_then(|rest| rest.split([' ', '>']).next()))
            .unwrap_or_default(),
    )
}

pub(super) fn unescape(text: &str) -> String {
    [
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}
