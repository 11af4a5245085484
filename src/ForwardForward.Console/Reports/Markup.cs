using System.Net;

namespace ForwardForward.Console.Reports;

/// <summary>Text from outside, as HTML takes it.</summary>
internal static class Markup
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
