//! A stack of layers that is copied when it is called, not whenever one around it is: each of axum's middlewares copies all that
//! stands within it for every request, and so does the next. Calls nobody.

use axum::extract::Request;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::layer::{LayerFn, layer_fn};
use tower::util::Oneshot;
use tower::{Service, ServiceExt};

#[derive(Debug)]
pub struct Shared<S>(Arc<S>);

/// The innermost of layers added at once.
pub fn shared<S>() -> LayerFn<fn(S) -> Shared<S>> {
    layer_fn(|stack| Shared(Arc::new(stack)))
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Service<Request, Error = Infallible> + Clone> Service<Request> for Shared<S> {
    type Response = S::Response;
    type Error = Infallible;
    type Future = Oneshot<S, Request>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        S::clone(&self.0).oneshot(request)
    }
}
