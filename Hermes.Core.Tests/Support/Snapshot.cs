using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hermes.Core.Tests.Support;

/// <summary>Compares a result with the file <c>Type.Method.verified.json</c> beside the test; on a difference <c>.received.json</c> is written beside it.</summary>
/// <remarks>The convention of Verify.Xunit, so that it can take this class's place.</remarks>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares JSON, its keys in their order.</summary>
    public static void VerifyJson(string json, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var received = JsonNode.Parse(json)!.ToJsonString(Indented);

        // A deterministic build gives the paths of its sources another beginning.
        var folder = Path.Join(Repository.Root, Path.GetDirectoryName(file[file.LastIndexOf("Hermes.Core.Tests", StringComparison.Ordinal)..]));
        var stem = Path.Join(folder, $"{Path.GetFileNameWithoutExtension(file)}.{method}");
        var verified = $"{stem}.verified.json";
        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n").Trim() == received)
        {
            File.Delete($"{stem}.received.json");
            return;
        }

        File.WriteAllText($"{stem}.received.json", received);
        Assert.Fail($"The result differs from {Path.GetFileName(verified)}. If it is right, rename {Path.GetFileName(stem)}.received.json to it.\n{received}");
    }
}
