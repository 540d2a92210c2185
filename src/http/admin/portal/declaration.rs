//! All that is declared, as one file: saved, and declared again. What would change is shown first; what is then applied is what was
//! looked at, kept sealed in the page meanwhile, for there may be secrets in it.

use super::audit::download;
use super::desk::{Desk, Frame};
use super::form::{Field, Group, Shape, field, group};
use super::setup::typed;
use super::turned::Answer;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::manage::apply::{Applied, Changes, How, apply_so, no_files};
use crate::flows::manage::export;
use crate::http::bounds::LARGEST_FILE;
use askama::Template;
use axum::body::Body;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::StatusCode;

/// What is kept between looking and applying.
const KEPT: &[Field] = &[field("text", "", "", Shape::Secret)];
const SEALED: &str = "text.typed";

#[derive(Template)]
#[template(path = "admin/declaration.html")]
struct DeclarationPage {
    frame: Frame,
    may_apply: bool,
    wrong: Vec<String>,
    /// What would change, and the file as it was looked at.
    looked: Option<(Vec<String>, String)>,
    done: Option<Changes>,
    /// As it was pasted.
    pasted: String,
    prune: bool,
}

impl DeclarationPage {
    fn of(desk: &Desk) -> Self {
        Self {
            frame: desk.frame("declaration", "As a file"),
            may_apply: desk.may(Verb::Update, Subject::Declaration),
            wrong: Vec::new(),
            looked: None,
            done: None,
            pasted: String::new(),
            prune: false,
        }
    }
}

pub async fn show(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Declaration)?;
    desk.show(&DeclarationPage::of(&desk))
}

pub async fn save_as(desk: Desk) -> Answer {
    desk.admit(Verb::Read, Subject::Declaration)?;
    let text = export::export(&desk.app).await?;
    Ok(download("countersign.toml", "application/toml", Body::from(text)))
}

fn kept() -> [Group; 1] {
    [group("", KEPT)]
}

pub async fn submit(desk: Desk, form: Result<Multipart, MultipartRejection>) -> Answer {
    let by = desk.admit(Verb::Update, Subject::Declaration)?;
    let mut page = DeclarationPage::of(&desk);
    let sent = match form {
        Ok(form) => read(form).await,
        Err(_) => Err("The form cannot be read. Send it again."),
    };
    let sent = match sent {
        Ok(sent) => typed::opened(&desk.app, by, &kept(), sent),
        Err(told) => return refuse(&desk, page, vec![told.to_owned()]),
    };
    let apply = sent.get("act") == Some("apply");
    page.prune = sent.get("prune") == Some("true");
    page.pasted = sent.get("pasted").unwrap_or_default().replace("\r\n", "\n");
    let file = if apply { "text" } else { "file" };
    let Some(text) = sent.get(file).or_else(|| sent.get("pasted").filter(|_| !apply)).map(str::to_owned) else {
        let told =
            if apply { "Look at it once more: too much time has passed." } else { "Choose a file, or paste one." };
        return refuse(&desk, page, vec![told.to_owned()]);
    };
    let how = How { dry_run: !apply, prune: page.prune };
    match apply_so(&desk.app, by, &text, &no_files, how).await? {
        Applied::Wrong(mistakes) => refuse(&desk, page, mistakes.iter().map(ToString::to_string).collect()),
        Applied::Done(changes) if apply => {
            let page = DeclarationPage { done: Some(changes), pasted: String::new(), prune: false, ..page };
            desk.show(&page)
        }
        Applied::Done(changes) => {
            let sealed = typed::kept(&desk.app, by, &kept(), Params::new(vec![("text".into(), text)]));
            let sealed = sealed.get(SEALED).unwrap_or_default().to_owned();
            desk.show(&DeclarationPage { looked: Some((changes.lines, sealed)), ..page })
        }
    }
}

fn refuse(desk: &Desk, page: DeclarationPage, wrong: Vec<String>) -> Answer {
    desk.show_as(StatusCode::UNPROCESSABLE_ENTITY, &DeclarationPage { wrong, ..page })
}

/// The fields of the form, a file among them.
async fn read(mut form: Multipart) -> Result<Params, &'static str> {
    let (torn, no_text) = ("It stopped in the middle, or is larger than 2 MB.", "The file is no UTF-8.");
    let mut sent = Params::default();
    while let Some(field) = form.next_field().await.map_err(|_| torn)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| torn)?;
        if name != SEALED && bytes.len() > LARGEST_FILE {
            return Err(torn);
        }
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| no_text)?;
        // Sealed or not, it comes by one name.
        if name != "text" {
            sent = sent.with(&name, text);
        }
    }
    Ok(sent)
}
