# Files that agents attach to what they send.
attach = Attach
attached = Files that go with it
attach-broken = The file did not arrive whole. Attach it again.
attach-large = The file is larger than { $size }.
attach-kind = Files of this kind are not taken. These are: { $kinds }.
attach-many = Nothing was sent: at most { $count } files go with one message. Remove some, or send them with the next one.
attach-gone = Nothing was sent: a file of this message belongs to another conversation or to a colleague, or was sent before. It is taken out; what you wrote and your other files are kept here.
attach-no-channel = No files can be sent through this inbox. Send a link instead.
key-attach = attach a file
undo-files = { $count ->
    [one] one file
   *[other] { $count } files
}
script-attach-remove = Remove { $n }
script-attach-sending = { $n } is being uploaded…
script-attach-done = { $n } is attached.
script-attach-removed = { $n } is removed.
script-attach-many = At most { $n } files go with one message.
script-attach-large = larger than { $n }
script-attach-lost = It did not arrive. Look whether you are online, and attach it again.
script-attach-often = These were many files within an hour. Wait a while, then attach it again.
script-attach-wait = A file is still on its way. Send once it is attached.
