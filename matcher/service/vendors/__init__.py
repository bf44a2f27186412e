"""What the routes of all vendors have alike.

``calling`` brings calls to the vendors' lists, many at a time; ``routing`` has their routes with
and without a slash at the end, and what is refused in each vendor's own shape; ``documenting`` says
so in the documentation; ``posting`` reads bodies and tells what became of them in headers.
"""
