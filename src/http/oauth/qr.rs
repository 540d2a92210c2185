//! An address as a picture that a phone's camera reads (ISO/IEC 18004), for devices that show one: a PNG as a `data:` URL.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use qrcodegen::{QrCode, QrCodeEcc};
use std::io::Write;

/// Around the code, in its own squares; readers want four.
const MARGIN: i32 = 4;
/// Pixels a square is wide and high: with one bit each, a square is one byte of its row.
const SQUARE: u8 = 8;

/// `None` where the address is longer than such a picture holds.
pub fn picture(address: &str) -> Option<String> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    Some(format!("data:image/png;base64,{}", STANDARD.encode(png(&code)?)))
}

fn png(code: &QrCode) -> Option<Vec<u8>> {
    let squares = -MARGIN..code.size() + MARGIN;
    let side = u32::try_from(code.size() + 2 * MARGIN).ok()? * u32::from(SQUARE);
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for y in squares.clone() {
        // No filter, then the squares: dark is 0.
        let row: Vec<u8> =
            std::iter::once(0).chain(squares.clone().map(|x| if code.get_module(x, y) { 0 } else { 0xff })).collect();
        for _ in 0..SQUARE {
            rows.write_all(&row).ok()?;
        }
    }
    // One bit a pixel, grey, without an order of its own.
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header)?, chunk(b"IDAT", &rows.finish().ok()?)?, chunk(b"IEND", &[])?];
    Some([&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat())
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Option<Vec<u8>> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = u32::try_from(data.len()).ok()?;
    Some([&length.to_be_bytes()[..], kind, data, &sum.sum().to_be_bytes()].concat())
}
