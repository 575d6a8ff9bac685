//! The header of a safetensors file: names and shapes, without the numbers.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::source::special_kind;

/// The longest header that is read, in bytes; the format's own limit.
const LONGEST: u64 = 100_000_000;

/// The shape of each tensor by its key.
pub type Header = BTreeMap<String, Vec<u64>>;

/// Why a file is not a checkpoint that can be read.
#[derive(Debug)]
pub struct CheckpointError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    /// No file, but `a named pipe`.
    Special(&'static str),
    Truncated {
        size: u64,
    },
    LengthBeyondFile {
        length: u64,
        size: u64,
    },
    TooLong {
        length: u64,
    },
    NotJson(serde_json::Error),
    NotATensor {
        key: String,
    },
    CutOff {
        key: String,
        end: u64,
        size: u64,
    },
}

/// Reads the header and nothing behind it, however long the file is.
pub fn read_header(path: &Path) -> Result<Header, CheckpointError> {
    header_of(path).map_err(|reason| CheckpointError {
        path: path.to_owned(),
        reason,
    })
}

fn header_of(path: &Path) -> Result<Header, Reason> {
    if let Some(kind) = special_kind(path) {
        return Err(Reason::Special(kind));
    }
    let mut file = File::open(path).map_err(Reason::Io)?;
    let size = file.metadata().map_err(Reason::Io)?.len();
    let mut length = [0; 8];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(Reason::Truncated { size });
        }
        read => read.map_err(Reason::Io)?,
    }
    let length = u64::from_le_bytes(length);
    if length > size.saturating_sub(8) {
        return Err(Reason::LengthBeyondFile { length, size });
    }
    if length > LONGEST {
        return Err(Reason::TooLong { length });
    }
    let mut header = Vec::new();
    file.take(length)
        .read_to_end(&mut header)
        .map_err(Reason::Io)?;
    let entries: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&header).map_err(Reason::NotJson)?;
    entries
        .into_iter()
        .filter(|(key, _)| key != "__metadata__")
        .map(|(key, entry)| {
            let Ok(tensor) = Tensor::deserialize(entry) else {
                return Err(Reason::NotATensor { key });
            };
            // Offsets count from the end of the header.
            let end = tensor.data_offsets[1].saturating_add(8 + length);
            if end > size {
                return Err(Reason::CutOff { key, end, size });
            }
            Ok((key, tensor.shape))
        })
        .collect()
}

#[derive(Deserialize)]
struct Tensor {
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Io(error) => write!(out, "the checkpoint `{path}` cannot be read: {error}"),
            Reason::Special(kind) => write!(
                out,
                "`{path}` is {kind}, which is not read; name a safetensors file"
            ),
            Reason::Truncated { size } => write!(
                out,
                "`{path}` is not a safetensors file: it has {size} bytes, and the length of its header takes 8"
            ),
            Reason::LengthBeyondFile { length, size } => write!(
                out,
                "`{path}` is cut off, or not a safetensors file: its header should have {length} bytes, the whole file has {size}"
            ),
            Reason::TooLong { length } => write!(
                out,
                "`{path}` is not a safetensors file: its header should have {length} bytes, the format allows {LONGEST}"
            ),
            Reason::NotJson(error) => {
                write!(
                    out,
                    "`{path}` is not a safetensors file: its header is not JSON: {error}"
                )
            }
            Reason::NotATensor { key } => write!(
                out,
                "`{path}` is not a safetensors file: its header gives no shape and place for `{key}`"
            ),
            Reason::CutOff { key, end, size } => write!(
                out,
                "`{path}` is cut off: `{key}` ends at byte {end}, the file has {size} bytes; copy or download it again"
            ),
        }
    }
}

impl std::error::Error for CheckpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Header, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.safetensors");
        std::fs::write(&path, bytes).unwrap();
        read_header(&path).map_err(|error| {
            let text = error.to_string();
            text.replace(&path.display().to_string(), "x")
        })
    }

    fn with_header(header: &str) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes
    }

    #[test]
    fn names_and_shapes_are_read() {
        let header = r#"{"__metadata__":{"a":"b"},"fc.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#;
        let mut bytes = with_header(header);
        bytes.extend([0; 24]);
        let expected = [("fc.weight".to_owned(), vec![2, 3])];
        assert_eq!(read(&bytes).unwrap(), expected.into());
    }

    #[test]
    fn what_is_no_checkpoint_says_why() {
        let refused = |bytes: &[u8]| read(bytes).unwrap_err();
        assert!(refused(b"abc").contains("it has 3 bytes"));
        assert!(refused(b"PK\x03\x04 zip archive").contains("its header should have"));
        assert!(refused(&with_header("{\"a\":")).contains("not JSON"));
        assert!(refused(&with_header("{\"a\":{}}")).contains("no shape and place for `a`"));
        let cut = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        assert!(refused(&with_header(cut)).contains("is cut off: `a` ends at byte"));
    }
}
