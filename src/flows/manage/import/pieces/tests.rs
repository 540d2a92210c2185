use super::*;
use std::io::{BufReader, Cursor};

/// Every record, and what became of it, however the file comes in.
fn cut(text: &[u8], shape: Shape, at: u64) -> Vec<(u64, End, String)> {
    let mut all: Option<Vec<_>> = None;
    for buffer in [1, 3, 8192] {
        let from = BufReader::with_capacity(buffer, text.get(at as usize..).expect("within"));
        let mut pieces = Pieces::new(from, shape, at, 1);
        let (mut found, mut into) = (Vec::new(), Vec::new());
        while let Some(piece) = pieces.next(&mut into).expect("reads") {
            found.push((piece.line, piece.end, String::from_utf8_lossy(&into).into_owned()));
        }
        assert!(all.as_ref().is_none_or(|before| *before == found), "the same by {buffer} bytes");
        all = Some(found);
    }
    all.expect("cut")
}

fn texts(found: Vec<(u64, End, String)>) -> Vec<String> {
    assert!(found.iter().all(|(_, end, _)| *end == End::Whole), "{found:?}");
    found.into_iter().map(|(_, _, text)| text).collect()
}

#[test]
fn cells_hold_what_quotes_hold() {
    let text = "a,b\r\n\"x\ny\",\"say \"\"hi\"\"\"\n\n=1+1,'\nlone\"quote,z";
    let found = cut(text.as_bytes(), Shape::Cells(b','), 0);
    assert_eq!(found.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [1, 2, 5, 6]);
    assert_eq!(texts(found), ["a,b\r", "\"x\ny\",\"say \"\"hi\"\"\"", "=1+1,'", "lone\"quote,z"]);
    // What is left open takes the rest, and is told.
    let torn = cut(b"a,\"b\nc,d\n", Shape::Cells(b','), 0);
    assert_eq!(torn, [(1, End::Torn, "a,\"b\nc,d\n".to_owned())]);
    assert_eq!(texts(cut(b"a,\"b\"", Shape::Cells(b','), 0)), ["a,\"b\""]);
    assert_eq!(texts(cut(b"\"a \"b\", c\",d\ne", Shape::Cells(b','), 0)), ["\"a \"b\", c\",d", "e"]);
}

#[test]
fn a_line_is_a_record() {
    let found = cut(b"{\"a\":1}\n\n  {\"b\":\"x\"}\r\n{broken\n{}", Shape::Lines, 0);
    assert_eq!(found.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(texts(found), ["{\"a\":1}", "{\"b\":\"x\"}\r", "{broken", "{}"]);
}

#[test]
fn a_list_is_cut_at_its_objects() {
    let text = b"[ {\"a\": \"}]\\\"{\"},\n{\"b\": [{}, {\"c\": {}}]} ] {\"not\": \"ours\"}";
    let found = cut(text, Shape::List(1), 1);
    assert_eq!(texts(found), ["{\"a\": \"}]\\\"{\"}", "{\"b\": [{}, {\"c\": {}}]}"]);
    assert_eq!(cut(b"[{\"a\": 1}, {\"b\":", Shape::List(1), 1)[1].1, End::Torn);
}

#[test]
fn what_is_too_long_is_skipped_and_the_rest_is_read() {
    let long = "x".repeat(10 * LONGEST);
    for (shape, text) in [
        (Shape::Cells(b','), format!("a,b\n\"{long}\",c\nd,e\n")),
        (Shape::Lines, format!("{{}}\n{{\"x\":\"{long}\"}}\n{{}}\n")),
        (Shape::List(1), format!("{{}},{{\"x\":\"{long}\"}},{{}}]")),
    ] {
        let mut pieces = Pieces::new(BufReader::new(text.as_bytes()), shape, 0, 1);
        let (mut ends, mut into) = (Vec::new(), Vec::new());
        while let Some(piece) = pieces.next(&mut into).expect("reads") {
            assert!(into.capacity() <= 2 * LONGEST);
            ends.push(piece.end);
        }
        assert_eq!(ends, [End::Whole, End::TooLong, End::Whole], "{shape:?}");
    }
}

#[test]
fn reading_goes_on_where_it_was_left() {
    for (shape, text) in
        [(Shape::Cells(b','), "a,b\nc,d\ne,f\n"), (Shape::Lines, "{}\n{}\n{}\n"), (Shape::List(1), "{},\n{},\n{}]")]
    {
        let mut pieces = Pieces::new(text.as_bytes(), shape, 0, 1);
        let mut into = Vec::new();
        pieces.next(&mut into).expect("reads");
        let (position, line) = (pieces.position, pieces.line);
        let mut rest = Pieces::new(&text.as_bytes()[position as usize..], shape, position, line);
        assert_eq!(rest.next(&mut into).expect("reads").map(|piece| piece.line), Some(2), "{shape:?}");
        assert!(rest.next(&mut into).expect("reads").is_some());
        assert_eq!(rest.next(&mut into).expect("reads"), None);
    }
}

#[test]
fn a_shape_is_known_by_how_a_file_begins() {
    let shape = |text: &[u8], wrapped| begin(&mut Cursor::new(text), wrapped);
    for (text, found, position) in [
        (&b"email,phone\n"[..], Shape::Cells(b','), 0),
        (b"email;phone\n", Shape::Cells(b';'), 0),
        (b"email\n", Shape::Cells(b','), 0),
        (b"\xef\xbb\xbfemail\tphone", Shape::Cells(b'\t'), 3),
        (b"{\"email\": \"a\"}\n{\"users\": []}", Shape::Lines, 0),
        (b"\n [{\"id\": 1}]", Shape::List(1), 3),
        (b"{\"kind\": \"users\", \"other\": [1], \"users\": [{}]}", Shape::List(2), 42),
    ] {
        let begun = shape(text, false).expect("a shape");
        assert_eq!((begun.shape, begun.position), (found, position), "{}", String::from_utf8_lossy(text));
    }
    for (text, wrapped) in [(&b""[..], false), (b" \n", false), (b"\xff\xfee\x00", false), (b"{\"people\": []}", true)]
    {
        assert!(shape(text, wrapped).is_err(), "{text:?}");
    }
}
