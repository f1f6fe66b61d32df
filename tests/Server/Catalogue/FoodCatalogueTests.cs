using Google.Protobuf.Reflection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Catalogue;
using Xunit;

namespace SingleWindowBridge.Server.Tests.Catalogue;

public sealed class FoodCatalogueTests
{
    private static readonly QuestionnaireTemplates Templates = new();
    private static readonly FoodCatalogue Catalogue = new(Templates);

    [Fact]
    public void The_categories_stand_in_the_order_of_the_form() => Assert.Equal(
        [
            "DAIRY", "MEAT", "CASINGS", "BIRDS_NEST", "BEE_PRODUCTS", "EGGS", "ANIMAL_FATS", "RICE", "MILLED_GRAIN_AND_MALT",
            "DEHYDRATED_VEGETABLES", "PLANT_SEASONING_POWDER", "NUTS_AND_SEEDS", "DRIED_FRUIT", "AQUATIC", "PROCESSED_GRAIN",
            "FROZEN_FRUIT",
        ],
        Catalogue.Categories.Select(category => category.Code));

    [Theory]
    [InlineData("DAIRY", "婴幼儿配方乳制品 巴氏杀菌乳和其他乳制品", "dairy")]
    [InlineData("MEAT", "牛肉产品 猪肉产品 羊肉产品 马、驴、骡肉产品 禽肉产品 兔肉产品 鹿肉产品 骆驼肉产品 熊肉产品 袋鼠肉产品 犬肉产品 其他肉产品", "meat")]
    [InlineData("CASINGS", "猪肠衣 羊肠衣 牛肠衣 鹿肠衣 其他动物肠衣", "casings")]
    [InlineData("BIRDS_NEST", "燕窝与燕窝制品", "birds_nest")]
    [InlineData("BEE_PRODUCTS", "蜂产品", "bee")]
    [InlineData("EGGS", "蛋与蛋制品", "eggs")]
    [InlineData("ANIMAL_FATS", "食用动物油脂", "animal_fats")]
    [InlineData("RICE", "食用谷物", "edible_grains")]
    [InlineData("MILLED_GRAIN_AND_MALT", "谷物制粉 麦芽", "milled_grain malt")]
    [InlineData("DEHYDRATED_VEGETABLES", "保鲜和脱水蔬菜", "supplementary")]
    [InlineData("PLANT_SEASONING_POWDER", "调味料", "supplementary")]
    [InlineData("NUTS_AND_SEEDS", "坚果与籽类", "nuts_and_seeds")]
    [InlineData("DRIED_FRUIT", "干果", "dried_fruit")]
    [InlineData("AQUATIC", "养殖水产 野生水产", "aquatic")]
    [InlineData("PROCESSED_GRAIN", "粮食加工品", "supplementary")]
    [InlineData("FROZEN_FRUIT", "冷冻水果", "supplementary")]
    public void A_category_has_its_products_and_they_their_questionnaire(string code, string products, string templates)
    {
        Assert.True(Catalogue.TryGetCategory(code, out var category));
        Assert.Equal(products.Split(' '), category.Products.Select(product => product.Name.Zh));
        Assert.Equal(templates.Split(' '), category.Products.Select(product => TemplateFor(product.Code)).Distinct());
    }

    [Fact]
    public void Products_with_different_questionnaires_get_the_combined_one_together()
    {
        Assert.Equal("milled_grain_and_malt", TemplateFor("MALT", "MILLED_GRAIN"));
        Assert.Equal("meat", TemplateFor("MEAT_BEEF", "MEAT_PORK"));
        var alone = new[] { "milled_grain", "malt" }.Select(id => Ids(Templates.Get(id))).ToList();
        Assert.Equal(alone[0].Union(alone[1]).Order(StringComparer.Ordinal), Ids(Templates.Get("milled_grain_and_malt")).Order(StringComparer.Ordinal));

        static List<string> Ids(QuestionnaireTemplate template) =>
            [.. template.Parts.SelectMany(part => part.Questions).Select(question => question.QuestionId)];
    }

    [Fact]
    public void Products_that_the_catalogue_no_longer_has_count_for_nothing()
    {
        Assert.Equal("meat", TemplateFor("MEAT_UNICORN", "MEAT_BEEF"));
        Assert.False(Catalogue.TryGetTemplateFor(["MEAT_UNICORN"], out _));
    }

    [Fact]
    public void A_product_is_found_with_its_category()
    {
        Assert.True(Catalogue.TryGetProduct("AQUATIC_FARMED", out var product, out var category));
        Assert.Equal(("养殖水产", "AQUATIC"), (product.Name.Zh, category.Code));
        Assert.False(Catalogue.TryGetProduct("AQUATIC", out _, out _));
        Assert.False(Catalogue.TryGetCategory("aquatic", out _));
    }

    [Fact]
    public void Every_product_has_a_questionnaire_and_a_code_of_its_own()
    {
        var products = Catalogue.Categories.SelectMany(category => category.Products).ToList();
        Assert.Equal(34, products.DistinctBy(product => product.Code).Count());
        Assert.All(products, product => Assert.True(Templates.TryGet(product.TemplateId, 0, out _)));
    }

    [Fact]
    public void There_are_249_countries_by_code()
    {
        Assert.Equal(249, Catalogue.Countries.Count);
        Assert.Equal(Catalogue.Countries.Select(country => country.Code).Order(StringComparer.Ordinal),
            Catalogue.Countries.Select(country => country.Code));
        Assert.All(Catalogue.Countries, country => Assert.Matches("^[A-Z]{2}$", country.Code));
        Assert.Equal(249, Catalogue.Countries.DistinctBy(country => country.Name.Zh).Count());
        Assert.Equal(249, Catalogue.Countries.DistinctBy(country => country.Name.En).Count());
    }

    [Theory]
    [InlineData("AW", "阿鲁巴", "Aruba")]
    [InlineData("NZ", "新西兰", "New Zealand")]
    [InlineData("HK", "中国香港", "Hong Kong, China")]
    [InlineData("TW", "中国台湾", "Taiwan, China")]
    [InlineData("CD", "刚果（金）", "Democratic Republic of the Congo")]
    public void A_country_has_both_names(string code, string zh, string en)
    {
        Assert.True(Catalogue.TryGetCountry(code, out var country));
        Assert.Equal((zh, en), (country.Name.Zh, country.Name.En));
    }

    [Fact]
    public void Every_value_of_every_enum_of_the_contract_has_names()
    {
        var contract = typeof(Case).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Case).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .SelectMany(file => file.EnumTypes)
            .SelectMany(type => type.Values)
            .Select(value => (value.EnumDescriptor.Name, value.Name, value.Number))
            .OrderBy(value => value.Item1, StringComparer.Ordinal).ThenBy(value => value.Number)
            .ToList();
        Assert.Equal(13, contract.DistinctBy(value => value.Item1).Count());
        Assert.Equal(contract, Catalogue.EnumValues.Select(value => (value.EnumName, value.ValueName, value.Number)));
    }

    [Fact]
    public void The_values_of_one_enum_are_found_by_its_name()
    {
        Assert.True(Catalogue.TryGetEnumValues("Stage", out var values));
        Assert.Equal("未知 申请阶段 接收检查阶段 问卷阶段 评估阶段 议定书磋商 议定书签署 检验检疫公告发布 官方证书磋商 官方证书确认 完成",
            string.Join(' ', values.Select(value => value.Name.Zh)));
        Assert.False(Catalogue.TryGetEnumValues("Planet", out _));
    }

    [Fact]
    public void Names_are_in_both_languages()
    {
        var names = Catalogue.Categories.Select(category => category.Name)
            .Concat(Catalogue.Categories.SelectMany(category => category.Products).Select(product => product.Name))
            .Concat(Catalogue.Countries.Select(country => country.Name))
            .Concat(Catalogue.EnumValues.Select(value => value.Name));
        Assert.All(names, Texts.AreInBothLanguages);
    }

    [Fact]
    public void An_operators_categories_take_the_place_of_those_built_in()
    {
        using var folder = new OperatorFolder();
        folder.Write("categories.json", """
            { "categories": [ { "code": "FROZEN_FRUIT", "name": { "zh": "冷冻水果", "en": "Frozen fruit" }, "products": [
              { "code": "FROZEN_FRUIT_ALL", "name": { "zh": "冷冻水果", "en": "Frozen fruit" }, "template_id": "dried_fruit" } ] } ] }
            """);
        var catalogue = new FoodCatalogue(new QuestionnaireTemplates(folder.Path), folder.Path);
        Assert.Equal(["FROZEN_FRUIT"], catalogue.Categories.Select(category => category.Code));
        Assert.True(catalogue.TryGetTemplateFor(["FROZEN_FRUIT_ALL"], out var template));
        Assert.Equal("dried_fruit", template.TemplateId);
        Assert.Equal(249, catalogue.Countries.Count);
    }

    [Fact]
    public void What_is_wrong_with_an_operators_data_is_told_at_once()
    {
        using var folder = new OperatorFolder();
        folder.Write("categories.json", """
            { "categories": [ { "code": "MEAT", "name": { "zh": "肉类", "en": " " }, "products": [
              { "code": "MEAT_BEEF", "name": { "zh": "牛肉产品", "en": "Beef" }, "template_id": "beef" } ] } ] }
            """);
        folder.Write("countries.json", """{ "countries": [ { "code": "AW", "name": { "zh": "", "en": "Aruba" } } ] }""");
        folder.Write("enum-names.json", """{ "Planet": {} }""");
        var problem = Assert.Throws<InvalidDataException>(() => new FoodCatalogue(Templates, folder.Path));
        Assert.Contains(
            $"{Path.Combine(folder.Path, "categories.json")}: categories[0]: category MEAT: the en text is missing", problem.Message, StringComparison.Ordinal);
        Assert.Contains("categories[0].products[0]: product MEAT_BEEF: there is no questionnaire beef", problem.Message, StringComparison.Ordinal);
        Assert.Contains("country AW: the zh text is missing", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Stage.STAGE_APPLICATION: has no name", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Planet: the contract has no such enum", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error()
    {
        using var folder = new OperatorFolder();
        var missing = System.IO.Path.Combine(folder.Path, "nowhere");
        Assert.Throws<InvalidDataException>(() => new FoodCatalogue(Templates, missing));
        Assert.Throws<InvalidDataException>(() => new QuestionnaireTemplates(missing));
    }

    private static string TemplateFor(params string[] products)
    {
        Assert.True(Catalogue.TryGetTemplateFor(products, out var template));
        return template.TemplateId;
    }
}
