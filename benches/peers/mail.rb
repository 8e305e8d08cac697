# New words of mails by the reply parsers of Ruby: email_reply_trimmer 0.1.6, whose own set is the gold
# set, and email_reply_parser 0.5.8 (Debian: ruby-email-reply-trimmer, ruby-email-reply-parser). Run by mail.py.

require "json"
require "timeout"

# What one mail may take: expressions of some libraries never come to an end on some mails.
LONGEST = 2

texts = JSON.parse(File.read(ARGV[0], encoding: "utf-8"))

peers = {
  "email_reply_trimmer (Ruby)" => ["email_reply_trimmer", ->(text) { EmailReplyTrimmer.trim(text.dup) }],
  "email_reply_parser (Ruby)" => ["email_reply_parser", ->(text) { EmailReplyParser.parse_reply(text.dup) }],
}

peers.each do |name, (library, new_words)|
  begin
    require library
  rescue LoadError => error
    puts({ missing: "#{name}: #{error.message}" }.to_json)
    next
  end
  safe = lambda do |text|
    Timeout.timeout(LONGEST) { new_words.call(text) || "" }
  rescue Timeout::Error
    nil
  rescue StandardError => error
    "failed: #{error.message}"
  end
  found = texts.map(&safe)
  endless = found.count(nil)
  quick = texts.zip(found).reject { |_, answer| answer.nil? }.map(&:first)
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  count = 0
  passed = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) - start }
  while passed.call < 1
    quick.each(&safe)
    count += quick.length
  end
  puts({ name: name, answers: found.map(&:to_s), rate: count / passed.call, endless: endless }.to_json)
end
