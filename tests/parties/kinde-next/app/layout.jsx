// Built once, and run wherever the test says.
export const dynamic = "force-dynamic";
export const metadata = { title: "The app", icons: { icon: "data:," } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
