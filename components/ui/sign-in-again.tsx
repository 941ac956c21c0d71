/** What to do when a session ended under a filled form: the page stays as it is, with everything in it. */
export function SignInAgain() {
  return (
    <p>
      <a href="/sign-in" target="_blank" rel="noopener">
        Sign in again in a new tab
      </a>
      , come back here and press the button again.
    </p>
  )
}
