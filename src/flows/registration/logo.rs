//! A registered client's picture: fetched once, as its own page may change, and served from here.

use super::Metadata;
use crate::app::App;
use crate::domain::client::{Client, Logo, is_reachable};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const LARGEST: usize = 16 * 1024;
/// No SVG: it is a program, and anybody may register.
const KINDS: [(&str, &[u8]); 3] =
    [("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff"), ("image/webp", b"RIFF")];

/// A client without a picture shows its first letter: what cannot be had is no reason to refuse it.
pub(super) async fn fetch(app: &App, metadata: &Metadata, before: Option<&Client>) -> Option<Logo> {
    let uri = metadata.get("logo_uri")?.as_str().filter(|uri| is_reachable(uri))?;
    let registered = before.and_then(|before| before.registered.as_ref());
    if registered.is_some_and(|registered| registered.metadata["logo_uri"] == uri) {
        return before.and_then(|before| before.branding.logo.clone());
    }
    let fetched = match app.web.fetch(uri, LARGEST).await {
        Ok(fetched) if fetched.status == 200 => fetched,
        Ok(fetched) => {
            tracing::info!(status = fetched.status, "a logo cannot be had");
            return None;
        }
        Err(what) => {
            tracing::info!("a logo cannot be had: {what}");
            return None;
        }
    };
    let (media_type, _) =
        KINDS.iter().find(|(kind, mark)| fetched.media_type == *kind && fetched.body.starts_with(mark))?;
    Some(Logo { media_type: (*media_type).to_owned(), data: STANDARD.encode(fetched.body) })
}
