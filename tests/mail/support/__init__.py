"""What the stories of mail are played on: real servers, a faulty one, and the program itself."""
