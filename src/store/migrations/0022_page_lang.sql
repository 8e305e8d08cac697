-- The language that somebody wants the pages in; without one, what their browser asks for.
alter table agent add column page_lang text;
