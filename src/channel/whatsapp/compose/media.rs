//! Which kind of message a file travels as (Meta, "Media messages", supported types and sizes).

use crate::channel::File;
use crate::word::words;

words! {
    /// A kind of media message.
    Kind {
        /// A picture, shown in the thread.
        Image = "image",
        /// A film.
        Video = "video",
        /// Sound; it takes no words along.
        Audio = "audio",
        /// Anything else, by its name.
        Document = "document",
    }
}

const MEGABYTE: usize = 1024 * 1024;

/// The largest file that Meta takes at all.
pub(in crate::channel::whatsapp) const MAX_FILE: usize = 100 * MEGABYTE;

/// The kind a file travels as: what Meta would not take as a picture, film or sound goes as a document.
pub(in crate::channel::whatsapp) fn kind(file: &File) -> Kind {
    let plain = file.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, most) = match plain.as_str() {
        "image/jpeg" | "image/png" => (Kind::Image, 5 * MEGABYTE),
        "video/mp4" | "video/3gpp" => (Kind::Video, 16 * MEGABYTE),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => {
            (Kind::Audio, 16 * MEGABYTE)
        }
        _ => (Kind::Document, MAX_FILE),
    };
    if file.bytes.len() <= most { kind } else { Kind::Document }
}

#[cfg(test)]
mod tests {
    use super::{Kind, MEGABYTE, kind};
    use crate::channel::File;

    #[test]
    fn each_file_travels_as_what_whatsapp_shows() {
        for (media_type, size, wanted) in [
            ("image/jpeg", 10, Kind::Image),
            ("image/png", 5 * MEGABYTE + 1, Kind::Document),
            ("image/webp", 10, Kind::Document),
            ("audio/ogg; codecs=opus", 10, Kind::Audio),
            ("AUDIO/MPEG", 10, Kind::Audio),
            ("video/mp4", 10, Kind::Video),
            ("video/quicktime", 10, Kind::Document),
            ("application/pdf", 10, Kind::Document),
            ("", 10, Kind::Document),
        ] {
            let file =
                File { name: "f".into(), media_type: media_type.into(), bytes: vec![0; size] };
            assert_eq!(kind(&file), wanted, "{media_type}");
        }
    }
}
