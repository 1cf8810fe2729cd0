using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Hermes.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hermes.Core.Tests.Hosting;

/// <summary>An application with pages and a sign-in of its own, on a real server, with and without Hermes.</summary>
internal sealed class GuestApplication : IAsyncDisposable
{
    private static readonly SymmetricSecurityKey SigningKey = new(Encoding.ASCII.GetBytes("a-signing-key-of-tests-0123456789"));

    private readonly TemporaryHome _home = new();
    private readonly WebApplication _app;
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };

    private GuestApplication(
        string setup, bool useHermes, string? key, Action<IServiceCollection>? configure, Action<WebApplication>? map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        Setups[setup](builder.Services);
        if (useHermes)
        {
            builder.Services.AddHermes(options =>
            {
                options.Home = _home.Path;
                options.Api.Key = key;
            });
        }

        configure?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapGet("/open", () => "open");
        _app.MapGet("/anonymous", () => "anonymous").AllowAnonymous();
        _app.MapGet("/page", [Authorize] () => "page");
        _app.MapGet("/secured", () => "secured").RequireAuthorization();
        _app.MapGet("/named", () => "named").RequireAuthorization(policy => policy.RequireUserName("ada"));
        _app.MapGet("/who", (HttpContext http) => $"{http.User.Identities.Count()} {http.User.Identity?.IsAuthenticated} {http.User.Identity?.AuthenticationType} {http.User.Identity?.Name}");
        _app.MapGet("/sign-in/{name}", (HttpContext http, string name) => http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "Cookies")))).AllowAnonymous();
        if (useHermes)
            (map ?? (app => app.MapHermesApi()))(_app);
    }

    /// <summary>How applications authenticate.</summary>
    public static IReadOnlyDictionary<string, Action<IServiceCollection>> Setups { get; } = new Dictionary<string, Action<IServiceCollection>>
    {
        ["no scheme"] = _ => { },
        ["authorization alone"] = services => services.AddAuthorization(),
        ["cookie"] = services => AddCookie(services).AddAuthorization(),
        ["cookie alone"] = services => AddCookie(services),
        ["bearer"] = services => AddBearer(services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)).AddAuthorization(),
        ["two schemes"] = services => AddBearer(services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()).AddAuthorization(),
        ["two schemes, no default"] = services => AddBearer(services.AddAuthentication().AddCookie()).AddAuthorization(),
        ["default policy"] = services => AddCookie(services).AddAuthorization(options => options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireUserName("bob").Build()),
        ["fallback policy"] = services => AddCookie(services).AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
    };

    public HttpClient Client { get; private set; } = null!;

    public static bool HasCookie(string setup) => setup is "cookie" or "cookie alone" or "two schemes" or "default policy" or "fallback policy";

    public static async Task<GuestApplication> StartAsync(
        string setup, bool useHermes, string? key = null, Action<IServiceCollection>? configure = null, Action<WebApplication>? map = null)
    {
        var guest = new GuestApplication(setup, useHermes, key, configure, map);
        await guest._app.StartAsync();
        guest.Client = new HttpClient(guest._handler) { BaseAddress = new Uri(guest._app.Urls.Single()) };
        return guest;
    }

    /// <summary>What the application's own paths answer to everybody.</summary>
    public async Task<string> DescribeAnswersAsync(string key)
    {
        var callers = new List<(string Name, string? Header, string? Value)>
        {
            ("nobody", null, null),
            ("key", "Authorization", $"Bearer {key}"),
            ("token", "Authorization", $"Bearer {CreateToken()}"),
        };
        if (await SignInAsync("ada") is { } cookie)
            callers.Add(("cookie", "Cookie", cookie));

        var description = new StringBuilder();
        foreach (var (name, header, value) in callers)
        {
            foreach (var path in (string[])["/open", "/anonymous", "/page", "/secured", "/named", "/who", "/nope", "POST /open"])
            {
                var target = path.Split(' ');
                var request = new HttpRequestMessage(target.Length > 1 ? new HttpMethod(target[0]) : HttpMethod.Get, target[^1]);
                if (header is not null)
                    request.Headers.TryAddWithoutValidation(header, value);

                var answer = await Client.SendAsync(request);
                var headers = answer.Headers.Concat(answer.Content.Headers).Where(sent => sent.Key != "Date").OrderBy(sent => sent.Key, StringComparer.Ordinal)
                    .Select(sent => $"{sent.Key}={string.Join(',', sent.Value)}".Replace(Client.BaseAddress!.Authority, "here", StringComparison.Ordinal));
                description.AppendLine(CultureInfo.InvariantCulture, $"{name} {path}: {(int)answer.StatusCode} {string.Join(' ', headers)} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        return description.ToString();
    }

    /// <summary>What a path answers.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path, string? bearer = null, string? signInAs = null, string? host = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);

        if (signInAs is not null)
            request.Headers.Add("Cookie", await SignInAsync(signInAs));

        return (await Client.SendAsync(request)).StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
        _home.Dispose();
    }

    private async Task<string?> SignInAsync(string name) =>
        (await Client.GetAsync($"/sign-in/{name}")).Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single().Split(';')[0] : null;

    private static IServiceCollection AddCookie(IServiceCollection services) =>
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().Services;

    private static IServiceCollection AddBearer(AuthenticationBuilder authentication) =>
        authentication.AddJwtBearer(bearer => bearer.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = SigningKey,
            ValidateIssuer = false,
            ValidateAudience = false,
        }).Services;

    private static string CreateToken() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Claims = new Dictionary<string, object> { [ClaimTypes.Name] = "ada" },
        SigningCredentials = new SigningCredentials(SigningKey, SecurityAlgorithms.HmacSha256),
    });
}
