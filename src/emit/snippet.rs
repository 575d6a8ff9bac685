//! A source file as miette reads it.

use std::sync::Arc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::SourceFile;

/// A file with the name it is shown by. Miette would look for line ends from the file's start for each label; the file's index knows them, so
/// that many findings in a long file stay cheap.
#[derive(Debug)]
pub(super) struct Snippet {
    pub file: Arc<SourceFile>,
    pub shown: String,
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.file.text;
        let end = span.offset() + span.len();
        if end > text.len() || !text.is_char_boundary(span.offset()) || !text.is_char_boundary(end)
        {
            return Err(MietteError::OutOfBounds);
        }
        let mut start = start_of_line(text, span.offset());
        for _ in 0..lines_before {
            start = start_of_line(text, start.saturating_sub(1));
        }
        let mut stop = end_of_line(text, end);
        for _ in 0..lines_after {
            stop = end_of_line(text, (stop + 1).min(text.len()));
        }
        // A context that cuts the span's own line begins in the middle of it.
        let (line, column) = self.file.line_column(if lines_before == 0 {
            span.offset()
        } else {
            start
        });
        if lines_before == 0 {
            start = span.offset();
        }
        // Miette doesn't count a last line that ends in a carriage return alone.
        if stop > end && text[..stop].ends_with('\r') {
            stop -= 1;
        }
        let lines = text[start..stop]
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count()
            + 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.shown.clone(),
            &text.as_bytes()[start..stop],
            SourceSpan::from(start..stop),
            line - 1,
            column - 1,
            lines,
        )))
    }
}

fn start_of_line(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |place| place + 1)
}

/// The place of the next line end, or the end of the text.
fn end_of_line(text: &str, offset: usize) -> usize {
    text.as_bytes()[offset..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(text.len(), |place| offset + place)
}
