//! The links of a Markdown page that lead to other files beside it.

use percent_encoding::percent_decode_str;

/// A relative link: where it stands, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// The line, from 1.
    pub line: usize,
    /// The path it leads to, from the page's folder, as files are named.
    pub path: String,
}

/// What stands before a link's target: in a link or picture of Markdown, and in HTML.
const OPENINGS: [&str; 5] = ["](", "href=\"", "src=\"", "href='", "src='"];

/// All of them, but for what stands in blocks of code.
pub(super) fn relative(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut fence: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        let start = line.trim_start();
        match fence {
            Some(sign) if start.starts_with(sign) => fence = None,
            Some(_) => continue,
            None => fence = ["```", "~~~"].into_iter().find(|sign| start.starts_with(sign)),
        }
        let is_meant =
            |at: usize| line[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0;
        let targets = OPENINGS.iter().flat_map(|opening| {
            let places = line.match_indices(opening).filter(|(at, _)| is_meant(*at));
            places.map(|(at, _)| target(&line[at + opening.len()..], opening))
        });
        let definition = start.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
        let defined = definition.map(|(_, rest)| target(rest, "]: "));
        let paths = targets.chain(defined).filter_map(|target| path(&target));
        links.extend(paths.map(|path| Link { line: index + 1, path }));
    }
    links
}

/// The target at the beginning of a text, behind its opening.
fn target(text: &str, opening: &str) -> String {
    let text = text.trim_start();
    if opening.ends_with(['"', '\'']) {
        let end = if opening.ends_with('"') { '"' } else { '\'' };
        return text.split(end).next().unwrap_or_default().to_owned();
    }
    if let Some(inside) = text.strip_prefix('<') {
        return inside.split('>').next().unwrap_or_default().to_owned();
    }
    let mut target = String::new();
    let mut depth = 0;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => target.extend(characters.next()),
            c if c.is_whitespace() => break,
            ')' if depth == 0 && opening == "](" => break,
            c => {
                depth += i32::from(c == '(') - i32::from(c == ')');
                target.push(c);
            }
        }
    }
    target
}

/// The path of a target, if it is a relative one.
fn path(target: &str) -> Option<String> {
    let target = target.replace("&amp;", "&");
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let has_scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    if path.is_empty() || path.starts_with(['/', '{']) || has_scheme {
        return None;
    }
    Some(percent_decode_str(path).decode_utf8_lossy().into_owned())
}

/// The path below the issuer's folder, of a path that is seen from a page.
pub(super) fn resolve(page: &str, path: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_found_however_they_are_written() {
        let text = "[a](V1.png) ![b](<b 1.png> \"title\") [c](a%20(1).png#x)\n\
                    [d](https://example.org/x.png) [e](#here) [f](/root.png) [g](mailto:a@b.c) \\[x\\](y)\n\
                    ```\n[h](h.png)\n```\n\
                    <a href=\"i&amp;j.png\"> <img src='k.png'>\n[l]: ../l.png \"title\"\n";
        let found: Vec<(usize, String)> =
            relative(text).into_iter().map(|link| (link.line, link.path)).collect();
        let expected = [
            (1, "V1.png"),
            (1, "b 1.png"),
            (1, "a (1).png"),
            (6, "i&j.png"),
            (6, "k.png"),
            (7, "../l.png"),
        ];
        assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
    }

    #[test]
    fn paths_are_seen_from_the_page() {
        assert_eq!(resolve("a/b/README.md", "V1.png"), "a/b/V1.png");
        assert_eq!(resolve("a/b/README.md", "../../c/./V1.png"), "c/V1.png");
        assert_eq!(resolve("README.md", "../x"), "../x");
    }
}
