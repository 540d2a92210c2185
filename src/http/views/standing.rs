//! Pages that say where things stand: ended sign-ins, errors, signing out, and handing over to the application.

use askama::Template;

use super::Frame;

/// A sign-in that cannot go on as it is: expired, foreign, finished, unknown.
#[derive(Template)]
#[template(path = "pages/standing.html")]
pub struct StandingPage<'a> {
    pub frame: Frame<'a>,
    /// Keys of sentences.
    pub heading: &'a str,
    pub body: &'a str,
    /// It went well.
    pub good: bool,
    /// The way on: where, and the key of what it is called.
    pub onward: Option<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage<'a> {
    pub frame: Frame<'a>,
    /// Keys of sentences; what is no key is shown as it is.
    pub heading: &'a str,
    pub body: &'a str,
    /// For the people who build the application: what was wrong, and for whom, in English.
    pub detail: Option<&'a str>,
    pub request_id: &'a str,
    pub back: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "pages/signed_out.html")]
pub struct SignedOutPage<'a> {
    pub frame: Frame<'a>,
    /// The application, when we may lead back to it.
    pub back: Option<&'a str>,
    /// Where applications hear of it through this browser; the page goes on once they did.
    pub frames: &'a [String],
}

#[derive(Template)]
#[template(path = "pages/confirm_logout.html")]
pub struct ConfirmLogoutPage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    pub hidden: &'a [(&'a str, &'a str)],
    /// Who is signed in: an identifier, masked.
    pub who: Option<&'a str>,
    /// Nothing to ask: the application proved who asks. The page submits itself, since a GET changes nothing.
    pub auto: bool,
    /// The application asks to end all of the person's sessions: there is nothing to choose.
    pub everywhere: bool,
    /// The way out for whoever wants to stay: a page that shows they still are.
    pub stay: &'a str,
}

/// `response_mode=form_post`: the answer to the application, posted by the browser.
#[derive(Template)]
#[template(path = "post.html")]
pub struct PostPage<'a> {
    pub frame: Frame<'a>,
    pub action: &'a str,
    pub hidden: &'a [(&'a str, &'a str)],
}

/// It went well: shown before an application opens again, where it asked for that.
#[derive(Template)]
#[template(path = "pages/success.html")]
pub struct SuccessPage<'a> {
    pub frame: Frame<'a>,
    pub app: &'a str,
    /// To the application, with its answer.
    pub url: &'a str,
}
