//! Carries `openidconnect`'s requests over reqwest. Redirects are not followed: an endpoint that redirects is not one to
//! send a client secret to.

use openidconnect::http::Response;
use openidconnect::{AsyncHttpClient, HttpClientError, HttpRequest, HttpResponse};
use std::pin::Pin;
use std::time::Duration;

pub struct Fetch(reqwest::Client);

impl Fetch {
    pub fn new(issuer: &str) -> Result<Self, reqwest::Error> {
        let mut builder =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(10));
        if issuer.starts_with("http://") {
            // Plain http: ask the machine for no root certificates, it may have none. And a loopback address is never
            // behind a proxy.
            builder = builder.tls_certs_only([]).no_proxy();
        }
        builder.build().map(Self)
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = HttpClientError<reqwest::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Self::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.execute(request.try_into().map_err(Box::new)?).await.map_err(Box::new)?;
            let mut response = Response::builder().status(answer.status());
            for (name, value) in answer.headers() {
                response = response.header(name, value);
            }
            let body = answer.bytes().await.map_err(Box::new)?;
            response.body(body.to_vec()).map_err(HttpClientError::Http)
        })
    }
}
